using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Channels.Endpoints;

/// <summary>
/// A member's endpoint in one layout: its rooms, its offer and answer, its ticket and its move. A lost endpoint is revived in another room
/// from its ticket, or a new connection replaces it.
/// </summary>
internal sealed class MemberEndpoint(LayoutEpoch layout, MemberNumber number)
{
    private DateTimeOffset _ticketAt;

    /// <summary>Counts the connections of this member in this layout; a node's answer that names an older one is late.</summary>
    public int Generation { get; private set; }

    /// <summary>The number of consecutive connections that failed.</summary>
    public int Failures { get; private set; }

    /// <summary>The room that holds the endpoint or will hold it; null: none yet, or the room is lost.</summary>
    public ActiveRoom? Room { get; private set; }

    /// <summary>
    /// The room that the endpoint moves out of. It holds the endpoint until the new room has received media of the client.
    /// </summary>
    public ActiveRoom? Former { get; private set; }

    /// <summary>The node's offer; null until the node has added the endpoint.</summary>
    public SfuOffer? Offer { get; private set; }

    /// <summary>True if the client has answered the offer.</summary>
    public bool Answered { get; private set; }

    /// <summary>True if the node has received authenticated media of the client.</summary>
    public bool Connected { get; private set; }

    /// <summary>True if the endpoint failed while its client was away; the client gets a new connection when it returns.</summary>
    public bool Broken { get; private set; }

    /// <summary>The state from which another node can revive the endpoint; null: the endpoint is bound to its node.</summary>
    public TransportTicket? Ticket { get; private set; }

    public MoveState Move { get; set; } = MoveState.NotMoving;

    public bool Moving => Move is not MoveState.None;

    /// <summary>True if a client has a connection that another node could revive or replace.</summary>
    public bool InUse => Offer is not null || Answered || Ticket is not null;

    /// <summary>Creates an endpoint after a restart of the grain. It may still be connected, so its client needs no offer.</summary>
    public static MemberEndpoint Restored(LayoutEpoch layout, MemberNumber number) =>
        new(layout, number) { Answered = true, Connected = true };

    /// <summary>Returns the reference of this endpoint in one of its rooms.</summary>
    public EndpointRef At(Room room) => new(layout, room, number, Generation);

    public bool Is(EndpointRef endpoint) => Room is { } room && At(room.Room) == endpoint;

    public void Enter(ActiveRoom room)
    {
        Room?.Exit();
        Room = room;
        room.Enter();
    }

    public void SetOffer(SfuOffer offer) => (Offer, Answered) = (offer, false);

    public void SetAnswered() => Answered = true;

    public void SetConnected()
    {
        Connected = Answered = true;
        Broken = false;
        Failures = 0;
    }

    public void SetBroken() => (Broken, Connected) = (true, false);

    /// <summary>Starts a new connection, which uses nothing of the old one.</summary>
    public void StartNewConnection()
    {
        Generation++;
        Failures++;
        Offer = null;
        Ticket = null;
        Answered = Connected = Broken = false;
        Move = MoveState.NotMoving;
    }

    /// <summary>Stores a ticket if it is newer than the stored one and belongs to the client's connection.</summary>
    public void StoreTicket(TransportTicket ticket, DateTimeOffset now)
    {
        var known = Ticket is not null ? Ticket.IceUfrag == ticket.IceUfrag : Offer is null || Offer.IceUfrag == ticket.IceUfrag;
        if ((known || Offer?.IceUfrag == ticket.IceUfrag) && ticket.Version > (Ticket?.Version ?? 0))
            (Ticket, _ticketAt) = (ticket, now);
    }

    /// <summary>
    /// Leaves a lost room. Returns the room that the endpoint was moving out of, if the endpoint must be removed there too.
    /// </summary>
    /// <param name="ticketsSince">A ticket of this time or later may be used; with an older one, or if this is null, the client gets a
    /// new connection.</param>
    public ActiveRoom? OnRoomLost(ActiveRoom lost, DateTimeOffset? ticketsSince)
    {
        if (Former == lost)
        {
            ReleaseFormer();
            return null;
        }

        Room?.Exit();
        Room = null;
        Connected = false;
        Move = MoveState.NotMoving;
        if (!(_ticketAt >= ticketsSince))
            Ticket = null;
        return ReleaseFormer();
    }

    /// <summary>
    /// Starts a move to another room under the same keys, and returns the ticket for it. The ticket cannot be used again: the new node may
    /// use the indices that the ticket leaves open, so that only a ticket of the new node can move the endpoint further.
    /// </summary>
    public TransportTicket? MoveTo(ActiveRoom room)
    {
        var ticket = Ticket;
        (Former, Room, Ticket) = (Room, room, null);
        room.Enter();
        return ticket;
    }

    /// <summary>Forgets the room that the endpoint moved out of, and returns it.</summary>
    public ActiveRoom? ReleaseFormer()
    {
        var former = Former;
        Former = null;
        former?.Exit();
        return former;
    }

    public void LeaveRooms()
    {
        Room?.Exit();
        Room = null;
        ReleaseFormer();
    }
}
