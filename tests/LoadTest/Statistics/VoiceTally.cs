using Hype.MediaClient;

namespace Hype.LoadTest.Statistics;

/// <summary>The statistics of one media thread's listeners together. Written by that thread; others read whole past seconds.</summary>
/// <param name="start">µs: the start of second 0 of the run.</param>
internal sealed class VoiceTally(long start)
{
    private readonly List<Histogram> _delays = [];
    private readonly List<long> _late = [];

    public long Start => start;

    /// <summary>The delays from mouth to socket in µs, first receptions only, by the second in which the frames were sent.</summary>
    public IReadOnlyList<Histogram> Delays => _delays;

    /// <summary>The RFC 3550 jitter of a stream after each of its packets, in µs.</summary>
    public Histogram Jitter { get; } = new();

    /// <summary>The delays of speakers relative to their 20 ms, in µs: this tool causes them, not the server.</summary>
    public Histogram SpeakerLag { get; } = new();

    public long Said { get; set; }

    /// <summary>The number of received frames; repetitions do not count.</summary>
    public long Received { get; private set; }

    public long Duplicated { get; set; }

    public long OnOtherPath { get; set; }

    /// <summary>The number of frames that arrived too late for a jitter buffer, by the second in which they were sent.</summary>
    public IReadOnlyList<long> Late => _late;

    /// <summary>The number of authentic packets whose content no speaker sent.</summary>
    public long Corrupt { get; set; }

    public int SecondOf(long time) => (int)Math.Max(0, (time - start) / 1_000_000);

    /// <summary>Records a frame that was received for the first time.</summary>
    public void Receive(int second, long delay, bool isLate)
    {
        while (_delays.Count <= second)
        {
            _late.Add(0);
            _delays.Add(new Histogram());
        }
        Received++;
        _delays[second].Add(delay);
        if (isLate)
            _late[second]++;
    }
}
