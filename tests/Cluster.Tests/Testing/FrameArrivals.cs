namespace Hype.Cluster.Tests.Testing;

/// <summary>When one listener first received each frame of one speaker.</summary>
internal sealed class FrameArrivals
{
    // Two minutes of speech before it has to grow.
    private long[] _arrivedAt = new long[6000];
    private int[] _delays = new int[6000];

    /// <summary>Frames up to the newest one that arrived.</summary>
    public int Count { get; private set; }

    /// <param name="sentAt">µs.</param>
    /// <param name="arrivedAt">µs.</param>
    /// <returns>False: it had arrived before.</returns>
    public bool Add(uint frame, long sentAt, long arrivedAt)
    {
        var index = (int)frame;
        if (index >= _arrivedAt.Length)
        {
            Array.Resize(ref _arrivedAt, Math.Max(index + 1, 2 * _arrivedAt.Length));
            Array.Resize(ref _delays, _arrivedAt.Length);
        }
        if (_arrivedAt[index] != 0)
            return false;
        (_arrivedAt[index], _delays[index]) = (arrivedAt, (int)(arrivedAt - sentAt));
        Count = Math.Max(Count, index + 1);
        return true;
    }

    /// <summary>µs; 0: never.</summary>
    public long ArrivedAt(int frame) => frame < Count ? _arrivedAt[frame] : 0;

    /// <summary>µs from mouth to socket of those that arrived, from a frame on.</summary>
    public IEnumerable<int> DelaysFrom(int frame) =>
        Enumerable.Range(frame, Math.Max(0, Count - frame)).Where(index => _arrivedAt[index] != 0).Select(index => _delays[index]);

    /// <summary>The last so many frames that arrived follow one another, and were all said from <paramref name="first"/> on.</summary>
    public bool IsSteadyFrom(int first, int frames)
    {
        if (Count - frames < first)
            return false;
        for (var index = Count - frames; index < Count; index++)
        {
            if (_arrivedAt[index] == 0)
                return false;
        }
        return true;
    }
}
