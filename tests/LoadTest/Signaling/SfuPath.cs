using Hype.LoadTest.Media;
using Hype.LoadTest.Sdp;
using Hype.LoadTest.Targets;
using Hype.MediaClient;
using Hype.MediaNode.Net;

namespace Hype.LoadTest.Signaling;

/// <summary>The single transport to a media node.</summary>
internal sealed class SfuPath(ParticipantSpec participant, int epoch, SdpDescription offer) : VoicePath(participant, epoch)
{
    private readonly IceCredentials _own = IceCredentials.New();
    private readonly uint _ssrc = SpokenStream.NewSsrc();
    private volatile VoicePeer? _peer;

    /// <summary>The SDP for <c>answer</c>.</summary>
    public string Answer => AnswerWith(_own);

    /// <summary>True if connected, so that it can move or restart.</summary>
    public bool IsUp => _peer is not null;

    /// <exception cref="TransportFailedException">It did not connect.</exception>
    /// <exception cref="OperationCanceledException">The path was closed meanwhile.</exception>
    public async Task ConnectAsync(IReadOnlyList<TransportAddress> candidates)
    {
        var peer = _peer = await Participant.Thread.ConnectAsync(
            _own, offer.Remote with { Addresses = candidates }, Participant.Observer, ConnectLimit, Closing.Token);
        // Closed at this very moment: the closing call may have seen no peer yet.
        if (Closing.IsCancellationRequested)
            await CloseAsync(peer);
        Closing.Token.ThrowIfCancellationRequested();
        Add(new SpokenStream(peer, offer.OpusPayloadType, offer.LevelExtension, _ssrc));
    }

    /// <summary>Moves to another node that has the same endpoint.</summary>
    public void Follow(TransportAddress address, uint priority)
    {
        if (_peer is { } peer)
            Participant.Thread.Post(() => peer.Follow(address, priority, PeerDriver.Now));
    }

    /// <summary>Restarts ICE: the endpoint has other credentials, and may be elsewhere.</summary>
    /// <returns>The SDP for <c>answer</c>.</returns>
    public string Restart(SdpDescription restarted, IReadOnlyList<TransportAddress> candidates)
    {
        var own = IceCredentials.New();
        if (_peer is { } peer)
            Participant.Thread.Post(() => peer.Restart(own, restarted.Remote.Ice, candidates, PeerDriver.Now));
        return AnswerWith(own);
    }

    /// <summary>Notifies the observer that this transport replaces another one.</summary>
    public void TellMoved() => Participant.Observer.OnMoved(_peer!, MoveWay.NewConnection, PeerDriver.Now);

    public override async ValueTask DisposeAsync()
    {
        await Closing.CancelAsync();
        if (_peer is { } peer)
            await CloseAsync(peer);
    }

    /// <summary>Writes the answer: every m-line stays, including the microphone of a participant that never speaks.</summary>
    private string AnswerWith(IceCredentials own) => SdpWriter.Write(
        new SdpWriter.Side(own, VoiceThread.Fingerprint, "active", offer.OpusPayloadType, offer.LevelExtension) { Ssrc = _ssrc },
        offer.Mids,
        Participant.Speaks ? "sendonly" : "inactive");
}
