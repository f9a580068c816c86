namespace Hype.MediaNode.Diagnostics;

/// <summary>
/// Counts values by bucket: written by one thread, readable by any. An instrument of the framework costs some hundred nanoseconds and a
/// lock; this costs a few nanoseconds, and <see cref="Hosting.MediaMetrics"/> passes it on once a second.
/// </summary>
/// <param name="bounds">Upper bounds, ascending.</param>
internal sealed class Tally(IReadOnlyList<double> bounds)
{
    private readonly double[] _bounds = [.. bounds];
    private readonly long[] _counts = new long[bounds.Count + 1];

    /// <summary>The number of buckets: one more than bounds; the last is for values above all of them.</summary>
    public int Buckets => _counts.Length;

    public void Add(double value)
    {
        var bucket = 0;
        while (bucket < _bounds.Length && value > _bounds[bucket])
            bucket++;
        Volatile.Write(ref _counts[bucket], _counts[bucket] + 1);
    }

    public long Count(int bucket) => Volatile.Read(ref _counts[bucket]);

    /// <summary>A value for the bucket: its upper bound, because nothing more exact is stored.</summary>
    public double Value(int bucket) => bucket < _bounds.Length ? _bounds[bucket] : 2 * _bounds[^1];
}
