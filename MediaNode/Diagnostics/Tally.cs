namespace Hype.MediaNode.Diagnostics;

/// <summary>
/// How often a figure fell between which bounds: written by one thread, read by any. An instrument of the framework costs some hundred
/// nanoseconds and a lock; this costs a few, and <see cref="Hosting.MediaMetrics"/> hands it on once a second.
/// </summary>
/// <param name="bounds">Upper ones, ascending.</param>
internal sealed class Tally(IReadOnlyList<double> bounds)
{
    private readonly double[] _bounds = [.. bounds];
    private readonly long[] _counts = new long[bounds.Count + 1];

    /// <summary>One more than bounds: the last is for what is above all of them.</summary>
    public int Buckets => _counts.Length;

    public void Add(double value)
    {
        var bucket = 0;
        while (bucket < _bounds.Length && value > _bounds[bucket])
            bucket++;
        Volatile.Write(ref _counts[bucket], _counts[bucket] + 1);
    }

    public long Count(int bucket) => Volatile.Read(ref _counts[bucket]);

    /// <summary>A figure that falls into the bucket: its upper bound, as nothing nearer is kept.</summary>
    public double Figure(int bucket) => bucket < _bounds.Length ? _bounds[bucket] : 2 * _bounds[^1];
}
