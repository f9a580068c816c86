using Hype.LoadTest.Media;
using Hype.LoadTest.Statistics;
using Hype.LoadTest.Talk;
using Hype.LoadTest.Targets;
using Hype.MediaClient;

namespace Hype.Cluster.Tests.Testing;

/// <summary>A participant that listens, and talks while it has the floor.</summary>
/// <param name="number">Its number among all talkers of the test run.</param>
internal sealed class Talker(uint number, VoiceThread thread) : IAsyncDisposable
{
    // Bytes per frame: an Opus voice of 40 kbit/s.
    private const int PayloadLength = 100;

    // A prime, so that talkers spread over the 20 ms.
    private const long PhaseStep = 7919;

    private readonly VoiceTally _tally = new(PeerDriver.Now);
    private readonly SpeechLog _said = new(number, PeerDriver.Now);
    private IVoiceParticipant? _participant;
    private Mouth? _mouth;

    public uint Number => number;

    public AttentiveEar Ear { get; } = new();

    /// <summary>The number of sent frames, which is the number of the next one.</summary>
    public int Said => _said.Count;

    /// <summary>Its name in the roster.</summary>
    public string Identity { get; private set; } = "";

    /// <exception cref="JoinFailedException">The join failed.</exception>
    public async Task JoinAsync(IVoiceTarget target, string channel, CancellationToken stop)
    {
        var spec = new ParticipantSpec(number, channel, Speaks: true, Hears: true, thread, Ear);
        Identity = spec.Name;
        _participant = await target.JoinAsync(spec, new JoinPhases(PeerDriver.Now), stop);
    }

    /// <summary>Talks without a pause from now on.</summary>
    public void TakeFloor()
    {
        _mouth = new Mouth(_participant!, _said, turns: null, PayloadLength, number * PhaseStep % 20_000, _tally);
        thread.Add(_mouth);
    }

    public async Task FallSilentAsync()
    {
        if (Interlocked.Exchange(ref _mouth, null) is { } mouth)
            await thread.RemoveAsync(mouth);
    }

    public async ValueTask DisposeAsync()
    {
        await FallSilentAsync();
        if (Interlocked.Exchange(ref _participant, null) is { } participant)
            await participant.DisposeAsync();
    }
}
