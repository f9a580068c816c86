using Hype.MediaNode.Rtp;
using Hype.MediaNode.Tickets;

namespace Hype.MediaNode.Rooms;

/// <summary>A member's endpoint as the control plane describes it (<c>AddEndpoint</c> of media_node.proto).</summary>
internal sealed record EndpointSpec(MemberNumber Number, byte[] IceUfrag, byte[] IcePwd, Ssrc[] SlotSsrcs, bool CanSpeak, bool CanListen)
{
    /// <summary>Creates the description of an endpoint that is revived from another node's ticket.</summary>
    public EndpointSpec(MemberNumber number, TransportTicket ticket, bool canSpeak, bool canListen)
        : this(
            number, ticket.Ice.Ufrag, ticket.Ice.Pwd, [.. ticket.Slots.Select(slot => slot.Ssrc)], canSpeak, canListen) => Ticket = ticket;

    /// <summary>True if tickets may contain the endpoint's keys, so that another node can continue the endpoint.</summary>
    public bool Portable { get; init; }

    /// <summary>The ticket from which the endpoint is revived; null: the endpoint is new.</summary>
    public TransportTicket? Ticket { get; }

    /// <summary>Returns the member number only, so that no log contains the ICE password.</summary>
    public override string ToString() => $"EndpointSpec {{ {Number.Value} }}";
}
