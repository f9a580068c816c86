using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Channels.Endpoints;

/// <summary>
/// A member's endpoint in one layout: its rooms, its offer and answer, its ticket and its move. When its room is lost, its ticket revives
/// it in another room, or a new connection replaces it.
/// </summary>
internal sealed class MemberEndpoint(LayoutEpoch layout, MemberNumber number)
{
    private DateTimeOffset _ticketAt;

    /// <summary>
    /// The number of connections that this member had before in this layout; a node's answer that names a lower number is outdated.
    /// </summary>
    public int Generation { get; private set; }

    /// <summary>The number of connections that failed since the last one that worked.</summary>
    public int Failures { get; private set; }

    /// <summary>
    /// The room that holds the endpoint or will hold it; null before the first room is assigned and after a room was lost.
    /// </summary>
    public ActiveRoom? Room { get; private set; }

    /// <summary>
    /// The room that the endpoint moves out of. It holds the endpoint until the new node has received media from the client.
    /// </summary>
    public ActiveRoom? Former { get; private set; }

    /// <summary>The SDP offer for the client; null until the node has added the endpoint.</summary>
    public SfuOffer? Offer { get; private set; }

    /// <summary>True if the client has answered the offer.</summary>
    public bool Answered { get; private set; }

    /// <summary>True if the node has received authenticated media from the client.</summary>
    public bool Connected { get; private set; }

    /// <summary>True if the connection failed while the client was away; the client gets a new connection when it returns.</summary>
    public bool Broken { get; private set; }

    /// <summary>The newest ticket, from which another node can revive the endpoint; null if no other node can.</summary>
    public TransportTicket? Ticket { get; private set; }

    public MoveState Move { get; set; } = MoveState.NotMoving;

    public bool Moving => Move is not MoveState.None;

    /// <summary>True if the client has, or was offered, a connection to this endpoint.</summary>
    public bool InUse => Offer is not null || Answered || Ticket is not null;

    /// <summary>
    /// Creates the endpoint of a member after a restart of the grain. Its connection may still work, so its client gets no offer.
    /// </summary>
    public static MemberEndpoint Restored(LayoutEpoch layout, MemberNumber number) =>
        new(layout, number) { Answered = true, Connected = true };

    /// <summary>Returns the full name (layout, room, member and generation) of this endpoint in one of its rooms.</summary>
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

    /// <summary>
    /// Resets the endpoint for a new connection: the offer, the answer and the ticket of the old connection are discarded.
    /// </summary>
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
    /// Handles the loss of a room. Returns the room that the endpoint was moving out of if the endpoint must be removed there, else null.
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
    /// Starts a move to another room under the same keys, and returns the ticket for the new node. The ticket serves one move only: the
    /// new node may use SRTP indices up to the limit in the ticket, so the next move needs a ticket from the new node.
    /// </summary>
    public TransportTicket? MoveTo(ActiveRoom room)
    {
        var ticket = Ticket;
        (Former, Room, Ticket) = (Room, room, null);
        room.Enter();
        return ticket;
    }

    /// <summary>Ends the stay in the room that the endpoint moved out of, and returns that room; null if there is none.</summary>
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
