using Hype.LoadTest.Media;
using Hype.LoadTest.Targets;
using Hype.MediaClient;

namespace Hype.LoadTest.Janus;

/// <summary>The peer connection over which a participant sends its voice.</summary>
internal sealed class JanusPublication : IAsyncDisposable
{
    private readonly JanusChannel _channel;
    private readonly VoiceThread _thread;
    private readonly ulong _feed;

    private JanusPublication(JanusChannel channel, VoiceThread thread, ulong feed, SpokenStream stream) =>
        (_channel, _thread, _feed, Stream) = (channel, thread, feed, stream);

    public ulong Feed => _feed;

    public SpokenStream Stream { get; }

    /// <exception cref="JanusException">Janus refused it.</exception>
    /// <exception cref="TransportFailedException">The peer connection did not come up.</exception>
    public static async Task<JanusPublication> OpenAsync(
        JanusSession session, JanusChannel channel, ParticipantSpec participant, JoinPhases phases, CancellationToken stop)
    {
        var thread = participant.Thread;
        var handle = await session.AttachAsync(VideoRoom.Plugin, stop);
        phases.Reach(JoinPhase.Admitted, PeerDriver.Now);
        var own = IceCredentials.New();
        var (peer, address) = await thread.OpenAsync(own, participant.Observer);
        try
        {
            var ssrc = SpokenStream.NewSsrc();
            var offer = new JanusSdp(own, address, VoiceThread.Fingerprint).Offer(ssrc);
            var (feed, answer) = await channel.Room.PublishAsync(handle, participant.Name, offer, stop);
            phases.Reach(JoinPhase.Offered, PeerDriver.Now);
            await thread.ConnectedAsync(peer, JanusSdp.FingerprintOf(answer), JanusTarget.ConnectLimit, stop);
            channel.Add(feed);
            return new JanusPublication(channel, thread, feed, new SpokenStream(peer, JanusSdp.OpusPayloadType, JanusSdp.LevelExtension, ssrc));
        }
        catch
        {
            await thread.RemoveAsync(peer);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Remove(_feed);
        await _thread.RemoveAsync(Stream.Peer);
    }
}
