using Hype.LoadTest.Media;
using Hype.LoadTest.Sdp;
using Hype.LoadTest.Targets;
using Hype.MediaClient;
using Hype.MediaNode.Net;

namespace Hype.LoadTest.Signaling;

/// <summary>A participant's path in mode SFU: one transport to a media node.</summary>
internal sealed class SfuPath(ParticipantSpec participant, int epoch, SdpDescription offer) : VoicePath(participant, epoch)
{
    private readonly IceCredentials _own = IceCredentials.New();
    private readonly uint _ssrc = SpokenStream.NewSsrc();
    private volatile VoicePeer? _peer;

    /// <summary>The SDP of the <c>answer</c> to the offer.</summary>
    public string Answer => AnswerWith(_own);

    /// <summary>True if the transport is connected, so that it can move or restart.</summary>
    public bool IsUp => _peer is not null;

    /// <exception cref="TransportFailedException">The transport did not connect.</exception>
    /// <exception cref="OperationCanceledException">The path was closed meanwhile.</exception>
    public async Task ConnectAsync(IReadOnlyList<TransportAddress> candidates)
    {
        var peer = _peer = await Participant.Thread.ConnectAsync(
            _own, offer.Remote with { Addresses = candidates }, Participant.Observer, ConnectLimit, Closing.Token);
        // Closed at this very moment: the closing call may have seen no peer yet.
        if (Closing.IsCancellationRequested)
            await CloseAsync(peer);
        Closing.Token.ThrowIfCancellationRequested();
        var stream = new SpokenStream(peer, offer.OpusPayloadType, offer.LevelExtension, _ssrc);
        Add(stream);
        Participant.Observer.OnConnected(stream);
    }

    /// <summary>Moves the transport to the address of another node, which now has the same endpoint.</summary>
    public void Follow(TransportAddress address, uint priority)
    {
        if (_peer is { } peer)
            Participant.Thread.Post(() => peer.Follow(address, priority, PeerDriver.Now));
    }

    /// <summary>Restarts ICE, because the endpoint has new credentials and may be on another node.</summary>
    /// <returns>The SDP of the <c>answer</c>.</returns>
    public string Restart(SdpDescription restarted, IReadOnlyList<TransportAddress> candidates)
    {
        var own = IceCredentials.New();
        if (_peer is { } peer)
            Participant.Thread.Post(() => peer.Restart(own, restarted.Remote.Ice, candidates, PeerDriver.Now));
        return AnswerWith(own);
    }

    /// <summary>Reports to the observer that this transport has replaced an earlier one of the same layout.</summary>
    public void ReportMoved() => Participant.Observer.OnMoved(_peer!, MoveWay.NewConnection, PeerDriver.Now);

    public override async ValueTask DisposeAsync()
    {
        await Closing.CancelAsync();
        if (_peer is { } peer)
            await CloseAsync(peer);
    }

    /// <summary>
    /// Writes the SDP answer. It contains every m-line of the offer, even the m-line for sending if the participant never speaks.
    /// </summary>
    private string AnswerWith(IceCredentials own) => SdpWriter.Write(
        new SdpWriter.Side(own, VoiceThread.Fingerprint, "active", offer.OpusPayloadType, offer.LevelExtension) { Ssrc = _ssrc },
        offer.Mids,
        Participant.Speaks ? "sendonly" : "inactive");
}
