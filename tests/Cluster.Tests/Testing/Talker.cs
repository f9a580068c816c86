using Hype.LoadTest.Media;
using Hype.LoadTest.Signaling;
using Hype.LoadTest.Statistics;
using Hype.LoadTest.Talk;
using Hype.LoadTest.Targets;
using Hype.MediaClient;

namespace Hype.Cluster.Tests.Testing;

/// <summary>A participant with media that always listens, and talks while it has the floor.</summary>
/// <param name="number">The talker's number, unique among all talkers of the test run.</param>
internal sealed class Talker(uint number, VoiceThread thread) : IAsyncDisposable
{
    // Bytes per frame: an Opus voice of 40 kbit/s.
    private const int PayloadLength = 100;

    // µs: a prime, so that the talkers' frames are spread over the 20 ms.
    private const long PhaseStep = 7919;

    private readonly VoiceTally _tally = new(PeerDriver.Now);
    private readonly SpeechLog _said = new(number, PeerDriver.Now);
    private IVoiceParticipant? _participant;
    private Mouth? _mouth;

    public uint Number => number;

    public ReceptionRecorder Reception { get; } = new();

    /// <summary>The number of frames sent so far, which is also the number of the next frame.</summary>
    public int Said => _said.Count;

    /// <summary>The talker's identity in the roster; empty before the join.</summary>
    public string Identity { get; private set; } = "";

    /// <exception cref="JoinFailedException">The join failed.</exception>
    public async Task JoinAsync(IVoiceTarget target, string channel, CancellationToken stop)
    {
        var spec = new ParticipantSpec(number, channel, Speaks: true, Hears: true, thread, Reception);
        Identity = spec.Name;
        _participant = await target.JoinAsync(spec, new JoinPhases(PeerDriver.Now), stop);
    }

    /// <summary>Starts to talk without a pause, until <see cref="FallSilentAsync"/>.</summary>
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

    /// <inheritdoc cref="HypeSession.VanishAsync"/>
    public Task VanishAsync()
    {
        _mouth = null;
        return ((HypeSession)_participant!).VanishAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await FallSilentAsync();
        if (Interlocked.Exchange(ref _participant, null) is { } participant)
            await participant.DisposeAsync();
    }
}
