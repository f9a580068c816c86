using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Channels.Endpoints;

/// <summary>How far a transport has got on its way to another node, under the same keys: from the lightest way to the heaviest.</summary>
internal enum MoveStage
{
    /// <summary>It is not moving.</summary>
    None,

    /// <summary>The new node is being told.</summary>
    Reviving,

    /// <summary>The client was told the new candidates; a browser on libwebrtc follows by itself.</summary>
    Candidate,

    /// <summary>It did not follow, or says that it cannot: the new node is being told other ICE credentials.</summary>
    Restarting,

    /// <summary>It was offered an ICE restart with them.</summary>
    IceRestart,
}

/// <summary>
/// Where a member's transport in one layout has got to. A lost one is revived elsewhere from its ticket, or replaced, a few times.
/// </summary>
internal sealed class MemberEndpoint
{
    private DateTimeOffset _ticketAt;

    /// <summary>Counts the transports made for this member in this layout; an answer from the node that names an older one is late.</summary>
    public int Generation { get; private set; }

    /// <summary>Transports in a row that failed.</summary>
    public int Failures { get; private set; }

    /// <summary>Where it is or is being made; null: nowhere yet, or its room is gone.</summary>
    public ActiveRoom? Room { get; private set; }

    /// <summary>Where it still is until the new room has seen the client.</summary>
    public ActiveRoom? Former { get; private set; }

    /// <summary>The node's side, once the node has it; null while it is being added.</summary>
    public SfuOffer? Offer { get; private set; }

    /// <summary>The client's side has come.</summary>
    public bool Answered { get; private set; }

    /// <summary>The node has seen media that counts.</summary>
    public bool Connected { get; private set; }

    /// <summary>It failed while its client was away; a new one is made when the client is back.</summary>
    public bool Broken { get; private set; }

    /// <summary>What another node needs to carry it on; null while it is bound to its node.</summary>
    public TransportTicket? Ticket { get; private set; }

    public MoveStage Stage { get; private set; }

    /// <summary>When the next heavier way is taken.</summary>
    public DateTimeOffset? Deadline { get; private set; }

    /// <summary>When the move began.</summary>
    public DateTimeOffset MovedAt { get; private set; }

    /// <summary>Where the client finds the new node, for a client that comes back in the middle of a move.</summary>
    public SfuOffer? Destination { get; private set; }

    /// <summary>Is there a client with a connection that another node could carry on or replace?</summary>
    public bool InUse => Offer is not null || Answered || Ticket is not null;

    public void Enter(ActiveRoom room)
    {
        Room?.Exit();
        Room = room;
        room.Enter();
    }

    public void Offered(SfuOffer offer) => (Offer, Answered) = (offer, false);

    public void Answer() => Answered = true;

    /// <summary>The client is there. True when this ends a move.</summary>
    public bool Connect()
    {
        var moved = Stage is MoveStage.Candidate or MoveStage.Restarting or MoveStage.IceRestart;
        Connected = Answered = true;
        Broken = false;
        Failures = 0;
        Settle();
        return moved;
    }

    public void Break() => (Broken, Connected) = (true, false);

    /// <summary>Another transport, as good as new: nothing of the old one is used again.</summary>
    public void Renew()
    {
        Generation++;
        Failures++;
        Offer = null;
        Ticket = null;
        Answered = Connected = Broken = false;
        Settle();
    }

    /// <summary>The newer one counts, of the transport that the client has.</summary>
    public void Keep(TransportTicket ticket, DateTimeOffset now)
    {
        var mine = Ticket is not null ? Ticket.IceUfrag == ticket.IceUfrag : Offer is null || Offer.IceUfrag == ticket.IceUfrag;
        if ((mine || Offer?.IceUfrag == ticket.IceUfrag) && ticket.Version > (Ticket?.Version ?? 0))
            (Ticket, _ticketAt) = (ticket, now);
    }

    /// <summary>Its room is gone, with the node or without. Returns the room that it was moving out of, where it is to be removed too.</summary>
    /// <param name="ticketsSince">From when on a ticket may be used; with none the next transport is a new one.</param>
    public ActiveRoom? Orphan(ActiveRoom gone, DateTimeOffset? ticketsSince)
    {
        if (Former == gone)
        {
            LeaveFormer();
            return null;
        }

        Room?.Exit();
        Room = null;
        Connected = false;
        Settle();
        if (!(_ticketAt >= ticketsSince))
            Ticket = null;
        return LeaveFormer();
    }

    /// <summary>
    /// Starts the way to another room under the same keys. The ticket is spent by it: the new node may use what it leaves open, so
    /// that only a ticket of the new node can take the endpoint further.
    /// </summary>
    public TransportTicket? Move(ActiveRoom room, DateTimeOffset now)
    {
        var ticket = Ticket;
        (Former, Room, Ticket) = (Room, room, null);
        room.Enter();
        (Stage, MovedAt) = (MoveStage.Reviving, now);
        return ticket;
    }

    /// <summary>The new node has it, and the client is told so.</summary>
    public void Told(MoveStage stage, SfuOffer destination, DateTimeOffset deadline)
    {
        (Stage, Deadline, Destination) = (stage, deadline, destination);
        if (stage == MoveStage.IceRestart)
            Offered(destination);
    }

    /// <summary>Its client is away: whatever comes, comes when it is back.</summary>
    public void Wait() => Deadline = null;

    /// <summary>The room that it has left need not keep it any longer.</summary>
    public ActiveRoom? LeaveFormer()
    {
        var former = Former;
        Former = null;
        former?.Exit();
        return former;
    }

    public void Exit()
    {
        Room?.Exit();
        Room = null;
        LeaveFormer();
    }

    /// <summary>After a restart of the grain: the transport may be alive, and its client has no need of an offer.</summary>
    public static MemberEndpoint Restored() => new() { Answered = true, Connected = true };

    private void Settle() => (Stage, Deadline, Destination) = (MoveStage.None, null, null);
}
