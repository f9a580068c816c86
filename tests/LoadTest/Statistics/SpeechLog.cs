namespace Hype.LoadTest.Statistics;

/// <summary>
/// The times at which a speaker sent its frames: frame n is entry n. One thread writes; others may read entries below <see cref="Count"/>,
/// because entries never move.
/// </summary>
/// <param name="start">The start of second 0 of the run, in µs.</param>
internal sealed class SpeechLog(uint speaker, long start)
{
    private const int ChunkSize = 3000; // a minute of speech

    private readonly List<long[]> _chunks = [];
    private volatile long[][] _readable = [];
    private int _count;

    public uint Speaker => speaker;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Adds a frame. Frames must be added in the order of their sending times.</summary>
    /// <returns>The frame's number.</returns>
    public uint Add(long sentAt)
    {
        if (_count == _chunks.Count * ChunkSize)
        {
            _chunks.Add(new long[ChunkSize]);
            _readable = [.. _chunks];
        }

        _chunks[_count / ChunkSize][_count % ChunkSize] = sentAt;
        Volatile.Write(ref _count, _count + 1);
        return (uint)_count - 1;
    }

    /// <summary>Returns the time at which a frame was sent, in µs; the frame must exist.</summary>
    public long SaidAt(uint frame) => _readable[frame / ChunkSize][frame % ChunkSize];

    /// <summary>
    /// Returns the number of frames sent at or after <paramref name="from"/> and before <paramref name="until"/>, both in µs.
    /// </summary>
    public int CountBetween(long from, long until) => Math.Max(0, FirstAtOrAfter(until) - FirstAtOrAfter(from));

    /// <summary>
    /// Returns the number of frames that were sent in one second of the run, counting only those sent at or after <paramref name="from"/>
    /// and before <paramref name="until"/>.
    /// </summary>
    public int CountInSecond(int second, long from, long until) =>
        CountBetween(Math.Max(from, start + (second * 1_000_000L)), Math.Min(until, start + ((second + 1) * 1_000_000L)));

    private int FirstAtOrAfter(long time)
    {
        var chunks = _readable;
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (chunks[middle / ChunkSize][middle % ChunkSize] < time)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
