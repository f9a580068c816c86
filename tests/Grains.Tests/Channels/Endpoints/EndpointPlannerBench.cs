using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Endpoints;
using Hype.Grains.Channels.Layouts;
using Hype.Grains.Channels.Members;
using Hype.Grains.Channels.Options;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Channels.Rooms;
using Hype.Grains.Tests.Channels.Members;

namespace Hype.Grains.Tests.Channels.Endpoints;

/// <summary>Runs an <see cref="EndpointPlanner"/> in an SFU layout whose first room is on <see cref="MachineBench.NodeA"/>.</summary>
public abstract class EndpointPlannerBench
{
    private protected static readonly ChannelOptions Options = new() { PortableTransports = true };

    private protected List<(Member Member, LeaveReason Reason)> Ended { get; } = [];

    private protected DateTimeOffset Now { get; set; }

    private protected EffectList Effects { get; private set; } = null!;

    private protected Roster Roster { get; private set; } = null!;

    private protected LayoutTransition Layouts { get; private set; } = null!;

    private protected RoomLinks Links { get; private set; } = null!;

    private protected EndpointPlanner Planner { get; private set; } = null!;

    private protected ActiveLayout Layout => Layouts.Current!;

    [SetUp]
    public void OpenChannel()
    {
        Ended.Clear();
        Now = DateTimeOffset.UnixEpoch.AddYears(56);
        Effects = new EffectList();
        Roster = new Roster();
        Layouts = new LayoutTransition(Options, Effects);
        Links = new RoomLinks(Layouts, Effects, incarnation: 1);
        Planner = new EndpointPlanner(Options, Roster, Layouts, Links, Effects, End);
        Layouts.Open(ChannelMode.Sfu, ModeReason.Policy, [MachineBench.Local], elsewhere: false, Now);
        OpenRoom(MachineBench.NodeA);
    }

    private protected Member Join(LayoutEpoch? since = null)
    {
        var member = Roster.Add($"member-{Roster.Count + 1}");
        member = member with { Participant = member.Participant with { SinceEpoch = since ?? Layout.Epoch } };
        Roster.Update(member);
        return member;
    }

    /// <summary>Replaces the layout by the one that a restarted grain has: its rooms are unverified.</summary>
    private protected Room[] Restore(MediaNodeId[] nodes, Member member)
    {
        var restored = new ActiveLayout(Layout.Layout);
        foreach (var (index, node) in nodes.Index())
            restored.RestoreRoom(new RoomAssignment(MachineBench.Local, node, new RoomEpoch(index + 1), restored.Epoch));
        restored.Endpoints.Add(member.Number, MemberEndpoint.Restored(restored.Epoch, member.Number));
        Layouts.Restore(restored, pending: null, Now);
        return [.. restored.Rooms.Select(room => room.Room)];
    }

    private protected Member Offered()
    {
        var member = Join();
        Planner.OnAdded(Reconcile<AddEndpoint>().Single().Endpoint, MachineBench.Offer(Layout.Epoch));
        Effects.Take();
        return member;
    }

    private protected Member Connected(TransportTicket? ticket = null)
    {
        var member = Offered();
        Report(Layout.Rooms[0], ConnectedEvent(member.Number));
        if (ticket is not null)
            Report(Layout.Rooms[0], TicketedEvent(member.Number, ticket));
        Effects.Take();
        return member;
    }

    private protected EndpointRef Revive()
    {
        LoseRoom(ticketsSince: Now);
        Reconcile<ChannelEffect>();
        OpenRoom(MachineBench.NodeB);
        var revive = Reconcile<ReviveEndpoint>().Single();
        Planner.OnRevived(revive.Endpoint, MachineBench.Offer(Layout.Epoch), Now);
        Effects.Take();
        return revive.Endpoint;
    }

    private protected ActiveRoom DrainFirstRoom()
    {
        Layout.Rooms[0].Drain();
        Planner.Reconcile(Now);
        OpenRoom(MachineBench.NodeB);
        Links.Reconcile(Now);
        var link = Effects.Take().OfType<LinkRooms>().Single();
        Links.OnLinked(link.Pair, link.Name);
        return Layout.Rooms[1];
    }

    private protected void Arrive(HandOver hand, ActiveRoom room)
    {
        Planner.OnRevived(hand.Endpoint, MachineBench.Offer(Layout.Epoch), Now);
        Report(room, TicketedEvent(hand.Endpoint.Number, Ticket(2)), ConnectedEvent(hand.Endpoint.Number));
        Effects.Take();
    }

    private protected void OpenRoom(MediaNodeId node)
    {
        if (Layout.Rooms is [] && !Layout.Placing)
            Layouts.RequestRooms([MachineBench.Local]);
        var request = Effects.Take().OfType<PlaceRoom>().Last();
        Layouts.OnRoomOpened(request.Layout, request.Region, new Room(node, request.Region, request.Epoch), Now);
    }

    /// <param name="ticketsSince">Null: no ticket is valid.</param>
    /// <param name="ticketsFor">The time for which the tickets are valid.</param>
    private protected void LoseRoom(DateTimeOffset? ticketsSince, TimeSpan ticketsFor = default) =>
        Layouts.LoseRooms(_ => true, ticketsSince is { } since ? new TicketValidity(since, Now + ticketsFor) : null, Now);

    private protected void Report(ActiveRoom room, params RoomEvent[] events)
    {
        foreach (var roomEvent in events)
            Planner.OnReported(Layout, room, roomEvent, Now);
    }

    private protected T[] Reconcile<T>() where T : ChannelEffect
    {
        Planner.Reconcile(Now);
        return [.. Effects.Take().OfType<T>()];
    }

    private protected EndpointRef Endpoint(Member member, int generation = 0) =>
        new(Layout.Epoch, Layout.Rooms[0].Room, member.Number, generation);

    private protected void End(Member member, LeaveReason reason)
    {
        Ended.Add((member, reason));
        Planner.Remove(member);
        Roster.Remove(member, reason);
    }

    private protected static EndpointConnected ConnectedEvent(MemberNumber number) =>
        new(number) { Channel = MachineBench.Channel, Epoch = default };

    private protected static EndpointTicketed TicketedEvent(MemberNumber number, TransportTicket ticket) =>
        new(number, ticket) { Channel = MachineBench.Channel, Epoch = default };

    private protected static EndpointClosed ClosedEvent(MemberNumber number, EndpointCloseReason reason) =>
        new(number, reason) { Channel = MachineBench.Channel, Epoch = default };

    private protected static TransportTicket Ticket(long version) => new("ufrag", [new Ssrc(1)], "AA", version, []);
}
