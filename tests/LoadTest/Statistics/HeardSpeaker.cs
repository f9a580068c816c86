namespace Hype.LoadTest.Statistics;

/// <summary>What became of a frame that a listener received.</summary>
internal enum Reception
{
    /// <summary>For the first time.</summary>
    New,

    /// <summary>Again, on the same transport.</summary>
    Duplicate,

    /// <summary>Again, on the other transport of a switch, where both carry it for a while on purpose.</summary>
    OtherPath,
}

/// <summary>
/// What one listener has of one speaker. Frames are told apart by the speaker's own counter, so neither slots nor sequence numbers
/// that the server rewrites matter.
/// </summary>
internal sealed class HeardSpeaker
{
    // Frames that a repetition is recognised among: 2.6 s.
    private const int Window = 128;

    // µs, RFC 3550 §6.4.1: J += (|D| - J) / 16.
    private const double JitterGain = 1.0 / 16;

    /// <summary>µs.</summary>
    public const long FrameTime = 20_000;

    private readonly uint[] _frames = new uint[Window];
    private readonly uint[] _peers = new uint[Window];
    private int[] _perSecond = new int[64];
    private long _newestDelay;
    private bool _any;

    /// <summary>µs, the lowest so far: what the path costs when nothing holds a packet up.</summary>
    public long LowestDelay { get; private set; } = long.MaxValue;

    /// <summary>The first frame that came; once there is one.</summary>
    public uint First { get; private set; }

    /// <summary>The last one said of those that came; once there is one.</summary>
    public uint Newest { get; private set; }

    /// <summary>µs, the longest silence before any frame, as <see cref="Receive"/> tells it.</summary>
    public long LongestSilence { get; private set; }

    /// <summary>µs, interarrival jitter of RFC 3550 §6.4.1.</summary>
    public double Jitter { get; private set; }

    /// <summary>First receptions of frames that were said in this second of the run.</summary>
    public int InSecond(int second) => second < _perSecond.Length ? _perSecond[second] : 0;

    /// <summary>A frame arrived.</summary>
    /// <param name="peer">Which transport it came on.</param>
    /// <param name="second">Of the run, in which it was said.</param>
    /// <param name="delay">µs from mouth to socket.</param>
    /// <param name="silence">
    /// µs for which nothing new of this speaker could be played: the frames that are missing before this one, and how much later than
    /// the one before it came.
    /// </param>
    public Reception Receive(uint frame, uint peer, int second, long delay, out long silence)
    {
        silence = 0;
        var index = frame % Window;
        // 0 stands for "none" and frames begin at 0, so the ring holds frame + 1.
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
