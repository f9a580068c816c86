using Hype.MediaNode.Tickets;

namespace Hype.MediaNode.Rooms;

/// <summary>A participant's transport as the control plane describes it (<c>AddEndpointRequest</c>).</summary>
internal sealed record EndpointSpec(uint Number, byte[] IceUfrag, byte[] IcePwd, uint[] SlotSsrcs, bool CanSpeak, bool CanListen)
{
    /// <summary>One that was connected at another node before.</summary>
    public EndpointSpec(uint number, TransportTicket ticket, bool canSpeak, bool canListen)
        : this(number, ticket.Ice.Ufrag, ticket.Ice.Pwd, [.. ticket.Slots.Select(slot => slot.Ssrc)], canSpeak, canListen) => Ticket = ticket;

    /// <summary>Its keys may be handed out, so that another node can carry it on.</summary>
    public bool Portable { get; init; }

    /// <summary>What to revive it from; null: it is new.</summary>
    public TransportTicket? Ticket { get; }

    /// <summary>Never prints the password.</summary>
    public override string ToString() => $"EndpointSpec {{ {Number} }}";
}
