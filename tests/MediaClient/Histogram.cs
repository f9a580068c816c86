using System.Numerics;

namespace Hype.MediaClient;

/// <summary>
/// A histogram of whole, non-negative values, such as microseconds, with 32 buckets per octave: a percentile is at most 3.2 % too high
/// over the whole range, and adding a value allocates nothing.
/// </summary>
internal sealed class Histogram
{
    private const int SubBits = 5;
    private const int SubBuckets = 1 << SubBits;

    // Up to 2^36 µs, nineteen hours; larger values count as that.
    private const int Octaves = 36 - SubBits;

    private readonly long[] _counts = new long[(Octaves + 1) * SubBuckets];

    public long Count { get; private set; }

    public long Max { get; private set; }

    /// <summary>Adds a value. A negative value counts as 0, because the difference of two clocks may be slightly negative.</summary>
    public void Add(long value)
    {
        value = Math.Max(0, value);
        _counts[BucketOf(value)]++;
        Count++;
        Max = Math.Max(Max, value);
    }

    public void Clear()
    {
        Array.Clear(_counts);
        (Count, Max) = (0, 0);
    }

    public void Add(Histogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
            _counts[i] += other._counts[i];
        Count += other.Count;
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>
    /// Returns the value that <paramref name="percent"/> of all values do not exceed (nearest rank); 0 if there are no values.
    /// </summary>
    public long Percentile(double percent)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(percent / 100 * Count));
        long seen = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
                return Math.Min(Max, HighestIn(i));
        }

        return 0;
    }

    // Values below 64 have a bucket each; above, an octave has 32.
    private static int BucketOf(long value)
    {
        var octave = Math.Max(0, BitOperations.Log2((ulong)value) - SubBits);
        return octave > Octaves - 1
            ? ((Octaves + 1) * SubBuckets) - 1
            : (octave * SubBuckets) + (int)(value >> octave);
    }

    private static long HighestIn(int bucket)
    {
        var octave = Math.Max(0, (bucket / SubBuckets) - 1);
        return ((long)(bucket - (octave * SubBuckets) + 1) << octave) - 1;
    }
}
