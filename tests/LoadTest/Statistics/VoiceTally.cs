using Hype.MediaClient;

namespace Hype.LoadTest.Statistics;

/// <summary>What one media thread's listeners have heard together. Written by that thread; others read whole seconds that have passed.</summary>
/// <param name="start">µs: where second 0 of the run begins.</param>
internal sealed class VoiceTally(long start)
{
    private readonly List<Histogram> _delays = [];
    private readonly List<long> _late = [];

    public long Start => start;

    /// <summary>µs from mouth to socket, first receptions only, by the second in which they were said.</summary>
    public IReadOnlyList<Histogram> Delays => _delays;

    /// <summary>µs, the RFC 3550 jitter of a stream after each of its packets.</summary>
    public Histogram Jitter { get; } = new();

    /// <summary>µs that a speaker was later than its 20 ms: this tool's own, not the server's.</summary>
    public Histogram SpeakerLag { get; } = new();

    public long Said { get; set; }

    /// <summary>First receptions.</summary>
    public long Received { get; private set; }

    public long Duplicated { get; set; }

    public long OnOtherPath { get; set; }

    /// <summary>First receptions that a jitter buffer would not have waited for, by the second in which they were said.</summary>
    public IReadOnlyList<long> Late => _late;

    /// <summary>Authentic packets that were not what any speaker said.</summary>
    public long Corrupt { get; set; }

    public int SecondOf(long time) => (int)Math.Max(0, (time - start) / 1_000_000);

    /// <summary>A frame was heard for the first time.</summary>
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
