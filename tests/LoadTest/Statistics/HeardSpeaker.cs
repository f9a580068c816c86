namespace Hype.LoadTest.Statistics;

/// <summary>The classification of a received frame.</summary>
internal enum Reception
{
    /// <summary>The frame was received for the first time.</summary>
    New,

    /// <summary>The frame was received again, on the same transport.</summary>
    Duplicate,

    /// <summary>
    /// The frame was received again on the other transport of a switch; both transports carry it for a while on purpose.
    /// </summary>
    OtherPath,
}

/// <summary>
/// One listener's statistics of one speaker. Frames are identified by the speaker's own counter in the payload, so that slots and
/// rewritten sequence numbers do not matter.
/// </summary>
internal sealed class HeardSpeaker
{
    // The number of frames among which a repetition is detected: 2.6 s.
    private const int Window = 128;

    // µs, RFC 3550 §6.4.1: J += (|D| - J) / 16.
    private const double JitterGain = 1.0 / 16;

    /// <summary>The duration of a frame, in µs.</summary>
    public const long FrameTime = 20_000;

    private readonly uint[] _frames = new uint[Window];
    private readonly uint[] _peers = new uint[Window];
    private int[] _perSecond = new int[64];
    private long _newestDelay;
    private bool _any;

    /// <summary>The lowest delay so far, in µs: the delay of the path without queueing.</summary>
    public long LowestDelay { get; private set; } = long.MaxValue;

    /// <summary>The number of the first frame that was received; valid after the first reception.</summary>
    public uint First { get; private set; }

    /// <summary>The number of the received frame that was sent last; valid after the first reception.</summary>
    public uint Newest { get; private set; }

    /// <summary>The longest of the silences, in µs, that <see cref="Receive"/> has returned.</summary>
    public long LongestSilence { get; private set; }

    /// <summary>The interarrival jitter of RFC 3550 §6.4.1, in µs.</summary>
    public double Jitter { get; private set; }

    /// <summary>Returns how many of the frames that were sent in the given second of the run were received.</summary>
    public int InSecond(int second) => second < _perSecond.Length ? _perSecond[second] : 0;

    /// <summary>Records an arrived frame, classifies it, and returns the silence before it.</summary>
    /// <param name="peer">The number of the transport.</param>
    /// <param name="second">The second of the run in which the frame was sent.</param>
    /// <param name="delay">The delay from mouth to socket, in µs.</param>
    /// <param name="silence">
    /// The time in µs without new playable audio of this speaker: the duration of the frames that are missing before this one, and its
    /// additional delay relative to the previous one.
    /// </param>
    public Reception Receive(uint frame, uint peer, int second, long delay, out long silence)
    {
        silence = 0;
        var index = frame % Window;
        // 0 means "none" and frames start at 0, so the ring stores frame + 1.
        if (_frames[index] == frame + 1)
            return _peers[index] == peer ? Reception.Duplicate : Reception.OtherPath;
        (_frames[index], _peers[index]) = (frame + 1, peer);
        Count(second);
        LowestDelay = Math.Min(LowestDelay, delay);
        if (_any)
            Jitter += (Math.Abs(delay - _newestDelay) - Jitter) * JitterGain;

        // Serial number arithmetic (RFC 1982): the counter may wrap.
        var ahead = (int)(frame - Newest);
        if (_any && ahead > 0)
            silence = ((ahead - 1) * FrameTime) + Math.Max(0, delay - _newestDelay);
        if (!_any)
            First = frame;
        if (!_any || ahead > 0)
            Newest = frame;
        LongestSilence = Math.Max(LongestSilence, silence);
        _newestDelay = delay;
        _any = true;
        return Reception.New;
    }

    private void Count(int second)
    {
        if (second >= _perSecond.Length)
            Array.Resize(ref _perSecond, Math.Max(second + 1, 2 * _perSecond.Length));
        _perSecond[second]++;
    }
}
