namespace Hype.LoadTest.Statistics;

/// <summary>What one media thread's listeners have heard together. Written by that thread; others read whole seconds that have passed.</summary>
/// <param name="start">µs: where second 0 of the run begins.</param>
internal sealed class VoiceTally(long start)
{
    private readonly List<Histogram> _delays = [];

    public long Start => start;

    /// <summary>µs from mouth to socket, first receptions only, by the second in which they were said.</summary>
    public IReadOnlyList<Histogram> Delays => _delays;

    /// <summary>µs, the RFC 3550 jitter of a stream after each of its packets.</summary>
    public Histogram Jitter { get; } = new();

    /// <summary>µs that a speaker was later than its 20 ms: this tool's own, not the server's.</summary>
    public Histogram SpeakerLag { get; } = new();

    public long Said { get; set; }

    /// <summary>First receptions.</summary>
    public long Received { get; set; }

    public long Duplicated { get; set; }

    public long OnOtherPath { get; set; }

    /// <summary>First receptions that a jitter buffer would not have waited for.</summary>
    public long Late { get; set; }

    /// <summary>Authentic packets that were not what any speaker said.</summary>
    public long Corrupt { get; set; }

    public int SecondOf(long time) => (int)Math.Max(0, (time - start) / 1_000_000);

    public Histogram DelaysIn(int second)
    {
        while (_delays.Count <= second)
            _delays.Add(new Histogram());
        return _delays[second];
    }
}
