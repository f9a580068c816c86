using Hype.LoadTest.Media;
using Hype.LoadTest.Targets;
using Hype.MediaClient;

namespace Hype.LoadTest.Signaling;

/// <summary>A path: one participant's transports of one layout. During a switch of the layout, a participant has two paths.</summary>
internal abstract class VoicePath(ParticipantSpec participant, int epoch) : IAsyncDisposable
{
    /// <summary>The time limit for ICE and DTLS of one transport.</summary>
    protected static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private volatile SpokenStream[] _streams = [];

    public int Epoch => epoch;

    protected ParticipantSpec Participant => participant;

    /// <summary>Cancels the pending waits of the path when the path is closed.</summary>
    protected CancellationTokenSource Closing { get; } = new();

    /// <summary>Sends a frame on each connected transport. Called on the media thread.</summary>
    public void Say(in SpokenFrame frame, int payloadLength, bool startsTurn)
    {
        foreach (var stream in _streams)
            stream.Say(frame, payloadLength, startsTurn);
    }

    public abstract ValueTask DisposeAsync();

    protected void Add(SpokenStream stream)
    {
        lock (_gate)
            _streams = [.. _streams, stream];
    }

    protected Task CloseAsync(VoicePeer peer)
    {
        lock (_gate)
            _streams = [.. _streams.Where(stream => stream.Peer != peer)];
        return participant.Thread.CloseAsync(peer);
    }
}
