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
    private DateTimeOffset _ticketUntil = DateTimeOffset.MaxValue;
    private (ActiveRoom Room, TransportTicket Ticket, DateTimeOffset At)? _early;

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
        // The offer of a restored endpoint is not known. After that, a ticket without an offer is a late one of the connection before.
        var known = Ticket is not null ? Ticket.IceUfrag == ticket.IceUfrag : Offer is null && Generation == 0;
        if ((known || Offer?.IceUfrag == ticket.IceUfrag) && ticket.Version > (Ticket?.Version ?? 0))
            SetTicket(ticket, now);
    }

    /// <summary>
    /// Keeps a ticket of a room that has not listed its endpoints yet: the node may have issued it after it wrote the list.
    /// </summary>
    public void KeepEarlyTicket(ActiveRoom room, TransportTicket ticket, DateTimeOffset now)
    {
        if (_early is not { } early || ticket.Version > early.Ticket.Version)
            _early = (room, ticket, now);
    }

    /// <summary>
    /// Returns true if the member's endpoint in a room's list carries the client's connection: it has the newest ticket of this
    /// connection. A released endpoint never does, because its successor may use the indices that its last ticket left open.
    /// </summary>
    public bool IsContinuedBy(ListedEndpoint listed)
    {
        if (!InUse || listed.Released)
            return false;
        return Ticket is { } held && listed.Ticket is { } ticket && IsSameConnection(held, ticket)
            ? ticket.Version > held.Version
            : Room is null;
    }

    /// <summary>
    /// Takes over the endpoint in a room's list, with its ticket or a newer one that was reported before the list arrived.
    /// </summary>
    public void Adopt(ActiveRoom room, TransportTicket? listed, DateTimeOffset now)
    {
        Enter(room);
        SetTicket(listed, now);
        if (_early is { } early && early.Room == room && listed is not null
            && IsSameConnection(listed, early.Ticket) && early.Ticket.Version > listed.Version)
            SetTicket(early.Ticket, early.At);
    }

    /// <summary>Discards the ticket if the node that issued it was lost too long ago.</summary>
    public void ExpireTicket(DateTimeOffset now)
    {
        if (now > _ticketUntil)
            Ticket = null;
    }

    /// <summary>
    /// Handles the loss of a room. Returns the room that the endpoint was moving out of if the endpoint must be removed there, else null.
    /// </summary>
    /// <param name="tickets">The tickets that may be used; null: none. Without a valid ticket the client gets a new connection.</param>
    public ActiveRoom? OnRoomLost(ActiveRoom lost, TicketValidity? tickets)
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
        if (tickets is not null && _ticketAt >= tickets.Since)
            _ticketUntil = tickets.Until;
        else
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

    private void SetTicket(TransportTicket? ticket, DateTimeOffset at) =>
        (Ticket, _ticketAt, _ticketUntil) = (ticket, at, DateTimeOffset.MaxValue);

    // The SSRCs of a connection are random, and every node keeps them; an ICE restart replaces the ufrag.
    private static bool IsSameConnection(TransportTicket one, TransportTicket other) => one.SlotSsrcs.SequenceEqual(other.SlotSsrcs);
}
