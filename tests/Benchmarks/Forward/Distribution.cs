namespace Hype.Benchmarks.Forward;

/// <summary>Many values in bounded space: counted by the unit up to a limit, so that nothing is allocated while it is filled.</summary>
internal sealed class Distribution(int limit)
{
    private readonly long[] _counts = new long[limit + 1];
    private long _count;

    public long Count => _count;

    /// <summary>Below 0 counts as 0, above the limit as the limit.</summary>
    public void Add(long value)
    {
        _counts[Math.Clamp(value, 0, limit)]++;
        _count++;
    }

    public void Clear()
    {
        Array.Clear(_counts);
        _count = 0;
    }

    /// <param name="share">0–1: 0.5 is the median.</param>
    public long Percentile(double share)
    {
        var wanted = (long)Math.Ceiling(_count * share);
        var seen = 0L;
        for (var value = 0; value <= limit; value++)
        {
            seen += _counts[value];
            if (seen >= wanted)
                return value;
        }
        return limit;
    }
}
