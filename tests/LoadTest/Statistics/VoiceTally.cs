using Hype.MediaClient;

namespace Hype.LoadTest.Statistics;

/// <summary>The statistics of one media thread's listeners together. Written by that thread; others read whole past seconds.</summary>
/// <param name="start">µs: the start of second 0 of the run.</param>
internal sealed class VoiceTally(long start)
{
    private readonly List<Histogram> _delays = [];
    private readonly List<long> _late = [];

    public long Start => start;

    /// <summary>µs from mouth to socket, first receptions only, by the second in which the frames were sent.</summary>
    public IReadOnlyList<Histogram> Delays => _delays;

    /// <summary>µs, the RFC 3550 jitter of a stream after each of its packets.</summary>
    public Histogram Jitter { get; } = new();

    /// <summary>µs of a speaker's lateness relative to its 20 ms: caused by this tool, not by the server.</summary>
    public Histogram SpeakerLag { get; } = new();

    public long Said { get; set; }

    /// <summary>First receptions.</summary>
    public long Received { get; private set; }

    public long Duplicated { get; set; }

    public long OnOtherPath { get; set; }

    /// <summary>First receptions too late for a jitter buffer, by the second in which the frames were sent.</summary>
    public IReadOnlyList<long> Late => _late;

    /// <summary>Authentic packets whose content no speaker sent.</summary>
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
