namespace Hype.Cluster.Tests.Testing;

/// <summary>The arrival times and delays of one speaker's frames at one listener, by the frames' numbers.</summary>
internal sealed class FrameArrivals
{
    // The arrays hold two minutes of speech before they grow.
    private long[] _arrivedAt = new long[6000];
    private int[] _delays = new int[6000];

    /// <summary>The number of frames that were received or lost so far: the number of the newest received frame plus one.</summary>
    public int Count { get; private set; }

    /// <summary>Records the arrival of a frame.</summary>
    /// <param name="sentAt">The time of sending, in µs.</param>
    /// <param name="arrivedAt">The time of arrival, in µs.</param>
    /// <returns>False if the frame had arrived before.</returns>
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

    /// <summary>Returns the arrival time of a frame in µs; 0 if the frame has not arrived.</summary>
    public long ArrivedAt(int frame) => frame < Count ? _arrivedAt[frame] : 0;

    /// <summary>
    /// Returns the delays of the received frames from number <paramref name="frame"/> on, in µs: from the speaker's sending to the
    /// listener's socket.
    /// </summary>
    public IEnumerable<int> DelaysFrom(int frame) =>
        Enumerable.Range(frame, Math.Max(0, Count - frame)).Where(index => _arrivedAt[index] != 0).Select(index => _delays[index]);

    /// <summary>
    /// Returns true if the newest <paramref name="frames"/> frames have all arrived, and none of them is older than frame
    /// <paramref name="first"/>.
    /// </summary>
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
