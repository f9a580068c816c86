using Hype.Gateway.Sdp;
using Hype.Gateway.Signaling.Messages;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Gateway.Signaling.Replica;

/// <summary>What a member was told of its transport to a media node: the newest offer, and how often it has moved since.</summary>
/// <param name="moves">
/// The moves before this socket. They only count up, whatever transport they were of: a later candidate is to be preferred.
/// </param>
internal sealed class MemberTransport(int moves)
{
    private int _moves = moves;
    private (int Epoch, string IceUfrag, int MediaCount)? _offer;

    /// <summary>How many m-lines the offer of this epoch had, which the answer must have too; null: it is not the newest offer's.</summary>
    public int? OfferedMediaCount(int epoch) => _offer is { } offer && offer.Epoch == epoch ? offer.MediaCount : null;

    /// <summary>
    /// Null: this socket was sent it before. A channel that is attached to again repeats what has not been answered yet, and to a client
    /// a second offer of an epoch is a second transport, of which the node can serve but one.
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

    /// <summary>The candidates of the endpoint's new place, one message each.</summary>
    public IEnumerable<CandidateMessage> Move(EndpointMoved moved)
    {
        _moves++;
        return CandidateWriter.Write(moved.Candidates, _moves)
            .Select(candidate => new CandidateMessage(moved.Epoch, new WireCandidate(candidate, OfferWriter.FirstMid, SdpMLineIndex: 0, moved.IceUfrag), moved.Region.Value));
    }
}
