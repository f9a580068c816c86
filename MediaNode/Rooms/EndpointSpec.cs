using Hype.MediaNode.Transport;

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

/// <summary>What became of a command.</summary>
internal enum CommandResult
{
    Done,
    UnknownRoom,
    UnknownEndpoint,

    /// <summary>Another endpoint has this ufrag, or the participant has an endpoint already.</summary>
    AlreadyThere,

    /// <summary>The worker has as many endpoints as it takes.</summary>
    Full,

    /// <summary>The number of slot SSRCs is not the room's number of slots.</summary>
    WrongSlots,

    /// <summary>The number of a link's SSRCs, each way, is not the room's number of slots.</summary>
    WrongLinkSlots,

    /// <summary>The room has, or had, a link of this name: its keys must not be used again from index 0.</summary>
    LinkAlreadyThere,

    /// <summary>Another link of this worker receives by one of these SSRCs.</summary>
    LinkSsrcTaken,

    /// <summary>The fingerprint is not one that this node can compare.</summary>
    BadFingerprint,
}
