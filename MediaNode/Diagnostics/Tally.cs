namespace Hype.MediaNode.Diagnostics;

/// <summary>
/// A histogram that one thread writes and any thread may read. To record a value costs a few nanoseconds; an instrument of the framework
/// takes a lock and a few hundred nanoseconds. <see cref="Hosting.MediaMetrics"/> transfers the values to an instrument once a second.
/// </summary>
/// <param name="bounds">Upper bounds, ascending.</param>
internal sealed class Tally(IReadOnlyList<double> bounds)
{
    private readonly double[] _bounds = [.. bounds];
    private readonly long[] _counts = new long[bounds.Count + 1];

    /// <summary>The number of buckets: the number of bounds plus one, because the last bucket is for values above all bounds.</summary>
    public int Buckets => _counts.Length;

    public void Add(double value)
    {
        var bucket = 0;
        while (bucket < _bounds.Length && value > _bounds[bucket])
            bucket++;
        Volatile.Write(ref _counts[bucket], _counts[bucket] + 1);
    }

    public long Count(int bucket) => Volatile.Read(ref _counts[bucket]);

    /// <summary>
    /// Returns the value that represents a bucket: its upper bound, because exact values are not stored. For the last bucket, returns
    /// twice the highest bound.
    /// </summary>
    public double Value(int bucket) => bucket < _bounds.Length ? _bounds[bucket] : 2 * _bounds[^1];
}
