using Hype.MediaClient;

namespace Hype.LoadTest.Statistics;

/// <summary>
/// The sums of the statistics of all participants on one media thread. That thread writes them; other threads read only seconds that
/// are over.
/// </summary>
/// <param name="start">The start of second 0 of the run, in µs.</param>
internal sealed class VoiceTally(long start)
{
    private readonly List<Histogram> _delays = [];
    private readonly List<long> _late = [];

    public long Start => start;

    /// <summary>
    /// The delays in µs from a frame's sending to its arrival at a listener's socket, without repeated frames: one histogram for each
    /// second in which frames were sent.
    /// </summary>
    public IReadOnlyList<Histogram> Delays => _delays;

    /// <summary>The RFC 3550 jitter in µs of each stream, after each of its packets.</summary>
    public Histogram Jitter { get; } = new();

    /// <summary>
    /// The lateness of speakers in µs, relative to their schedule of one frame every 20 ms. This tool causes it, not the server.
    /// </summary>
    public Histogram SpeakerLag { get; } = new();

    public long Said { get; set; }

    /// <summary>The number of received frames, without repeated ones.</summary>
    public long Received { get; private set; }

    public long Duplicated { get; set; }

    public long OnOtherPath { get; set; }

    /// <summary>The number of frames that arrived too late for a jitter buffer, by the second in which they were sent.</summary>
    public IReadOnlyList<long> Late => _late;

    /// <summary>The number of packets that passed authentication but do not contain a speaker's frame.</summary>
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
