using Hype.LoadTest.Media;
using Hype.LoadTest.Sdp;
using Hype.LoadTest.Targets;
using Hype.MediaClient;
using Hype.MediaNode.Net;

namespace Hype.LoadTest.Signaling;

/// <summary>The one transport to a media node.</summary>
internal sealed class SfuPath(ParticipantSpec participant, int epoch, SdpDescription offer) : VoicePath(participant, epoch)
{
    private readonly IceCredentials _own = IceCredentials.New();
    private readonly uint _ssrc = SpokenStream.NewSsrc();
    private volatile VoicePeer? _peer;

    /// <summary>The SDP for <c>answer</c>: every m-line stays, also the microphone of one who never speaks.</summary>
    public string Answer => SdpWriter.Write(
        new SdpWriter.Side(_own, VoiceThread.Fingerprint, "active", offer.OpusPayloadType, offer.LevelExtension) { Ssrc = _ssrc },
        offer.Mids,
        Participant.Speaks ? "sendonly" : "inactive");

    /// <exception cref="TransportFailedException">It did not connect.</exception>
    /// <exception cref="OperationCanceledException">The path was given up meanwhile.</exception>
    public async Task ConnectAsync(IReadOnlyList<TransportAddress> candidates)
    {
        var peer = _peer = await Participant.Thread.ConnectAsync(_own, offer.Remote with { Addresses = candidates }, Participant.Observer, ConnectLimit, Closing.Token);
        // Closed in this very moment: closing may have seen no peer yet.
        if (Closing.IsCancellationRequested)
            await CloseAsync(peer);
        Closing.Token.ThrowIfCancellationRequested();
        Add(new SpokenStream(peer, offer.OpusPayloadType, offer.LevelExtension, _ssrc));
    }

    /// <summary>The node is to be reached elsewhere now.</summary>
    public void MoveTo(TransportAddress address)
    {
        if (_peer is { } peer)
            Participant.Thread.Post(() => peer.ConnectTo(address));
    }

    public override async ValueTask DisposeAsync()
    {
        await Closing.CancelAsync();
        if (_peer is { } peer)
            await CloseAsync(peer);
    }
}
