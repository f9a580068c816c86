namespace Hype.LoadTest.Statistics;

/// <summary>
/// When a speaker said each frame: frame n is entry n. One thread writes; others may read what is behind <see cref="Count"/>, because
/// entries never move.
/// </summary>
/// <param name="start">µs: where second 0 of the run begins.</param>
internal sealed class SpeechLog(uint speaker, long start)
{
    private const int ChunkSize = 3000; // a minute of speech

    private readonly List<long[]> _chunks = [];
    private volatile long[][] _readable = [];
    private int _count;

    public uint Speaker => speaker;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Frames are said in the order of time.</summary>
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

    /// <summary>µs, when a frame was said that has been.</summary>
    public long SaidAt(uint frame) => _readable[frame / ChunkSize][frame % ChunkSize];

    /// <summary>How many frames were said from <paramref name="from"/> on and before <paramref name="until"/>, µs.</summary>
    public int CountBetween(long from, long until) => Math.Max(0, FirstAtOrAfter(until) - FirstAtOrAfter(from));

    /// <summary>The same, in one second of the run.</summary>
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
