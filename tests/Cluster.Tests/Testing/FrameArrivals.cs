namespace Hype.Cluster.Tests.Testing;

/// <summary>The arrival times of one speaker's frames at one listener.</summary>
internal sealed class FrameArrivals
{
    // Two minutes of speech before the array grows.
    private long[] _arrivedAt = new long[6000];
    private int[] _delays = new int[6000];

    /// <summary>The number of frames up to the newest received one.</summary>
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

    /// <summary>The arrival time of a frame in µs; 0: it did not arrive.</summary>
    public long ArrivedAt(int frame) => frame < Count ? _arrivedAt[frame] : 0;

    /// <summary>Returns the delays in µs from mouth to socket of the received frames, from a frame on.</summary>
    public IEnumerable<int> DelaysFrom(int frame) =>
        Enumerable.Range(frame, Math.Max(0, Count - frame)).Where(index => _arrivedAt[index] != 0).Select(index => _delays[index]);

    /// <summary>Returns true if the last received frames are consecutive, and all sent from <paramref name="first"/> on.</summary>
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
