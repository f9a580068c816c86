using Hype.Gateway.Sdp;
using Hype.Gateway.Signaling.Messages;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Gateway.Signaling.Replica;

/// <summary>The newest SDP offer that was sent to one socket, and the number of moves of the offered endpoint.</summary>
/// <param name="moves">
/// The moves before this socket. The count never goes back, whichever transport they belonged to: a later candidate must be preferred.
/// </param>
internal sealed class OfferedTransport(int moves)
{
    private int _moves = moves;
    private (LayoutEpoch Epoch, string IceUfrag, int MediaCount)? _offer;

    /// <summary>
    /// Returns the number of m-lines in the offer of an epoch, which the answer must have too; null when the newest offer has another
    /// epoch.
    /// </summary>
    public int? OfferedMediaCount(LayoutEpoch epoch) => _offer is { } offer && offer.Epoch == epoch ? offer.MediaCount : null;

    /// <summary>
    /// Writes an offer; returns null when this socket has already received the same offer. After an attach the channel repeats the offers
    /// without an answer, but a client would open a second connection for a repeated offer, and the node serves only one.
    /// </summary>
    public OfferMessage? Offer(SfuOffer offer)
    {
        if (_offer is { } last && last.Epoch == offer.Epoch && last.IceUfrag == offer.IceUfrag)
            return null;
        if (offer.Restart)
            _moves++;
        _offer = (offer.Epoch, offer.IceUfrag, OfferWriter.MediaCount(offer));
        return new OfferMessage(offer.Epoch, OfferWriter.Write(offer, _moves), offer.Restart, offer.Region.Value);
    }

    /// <summary>Writes the candidates of the node to which the endpoint has moved, one message for each candidate.</summary>
    public IEnumerable<CandidateMessage> Move(EndpointMoved moved)
    {
        _moves++;
        return CandidateWriter.Write(moved.Candidates, _moves).Select(candidate => new CandidateMessage(
            moved.Epoch, new WireCandidate(candidate, OfferWriter.FirstMid, SdpMLineIndex: 0, moved.IceUfrag), moved.Region.Value));
    }
}
