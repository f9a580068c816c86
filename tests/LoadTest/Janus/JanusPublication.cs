using Hype.LoadTest.Media;
using Hype.LoadTest.Sdp;
using Hype.LoadTest.Targets;
using Hype.MediaClient;

namespace Hype.LoadTest.Janus;

/// <summary>The peer connection over which a participant sends its voice.</summary>
internal sealed class JanusPublication : IAsyncDisposable
{
    // Chromium's numbers; Janus accepts the offered ones.
    private const byte OpusPayloadType = 111;
    private const byte LevelExtension = 1;
    private const string Mid = "0";

    private readonly JanusChannel _channel;
    private readonly VoiceThread _thread;
    private readonly ulong _feed;

    private JanusPublication(JanusChannel channel, VoiceThread thread, ulong feed, SpokenStream stream) =>
        (_channel, _thread, _feed, Stream) = (channel, thread, feed, stream);

    public ulong Feed => _feed;

    public SpokenStream Stream { get; }

    /// <exception cref="JanusException">Janus refused the publication.</exception>
    /// <exception cref="TransportFailedException">The peer connection did not connect.</exception>
    public static async Task<JanusPublication> OpenAsync(
        JanusSession session, JanusChannel channel, ParticipantSpec participant, JoinPhases phases, CancellationToken stop)
    {
        var thread = participant.Thread;
        var handle = await session.AttachAsync(VideoRoom.Plugin, stop);
        phases.Reach(JoinPhase.Admitted, PeerDriver.Now);
        var ssrc = SpokenStream.NewSsrc();
        var (peer, side) = await JanusSide.OpenAsync(participant, OpusPayloadType, LevelExtension, ssrc);
        try
        {
            var (feed, answer) = await channel.Room.PublishAsync(handle, participant.Name, SdpWriter.Write(side, [Mid], "sendonly"), stop);
            phases.Reach(JoinPhase.Offered, PeerDriver.Now);
            await thread.ConnectedAsync(peer, SdpDescription.Parse(answer).Remote, JanusTarget.ConnectLimit, stop);
            channel.Add(feed);
            return new JanusPublication(channel, thread, feed, new SpokenStream(peer, OpusPayloadType, LevelExtension, ssrc));
        }
        catch
        {
            await thread.CloseAsync(peer);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Remove(_feed);
        await _thread.CloseAsync(Stream.Peer);
    }
}
