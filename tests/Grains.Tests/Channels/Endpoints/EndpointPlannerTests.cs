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

/// <summary>Tests how members' endpoints are added, offered, revived, handed over, replaced and removed.</summary>
public sealed class EndpointPlannerTests
{
    private static readonly ChannelOptions Options = new() { PortableTransports = true };

    private readonly List<(Member Member, LeaveReason Reason)> _ended = [];
    private DateTimeOffset _now;
    private EffectList _effects = null!;
    private Roster _roster = null!;
    private LayoutTransition _layouts = null!;
    private RoomLinks _links = null!;
    private EndpointPlanner _planner = null!;

    private ActiveLayout Layout => _layouts.Current!;

    [SetUp]
    public void OpenChannel()
    {
        _ended.Clear();
        _now = DateTimeOffset.UnixEpoch.AddYears(56);
        _effects = new EffectList();
        _roster = new Roster();
        _layouts = new LayoutTransition(Options, _effects);
        _links = new RoomLinks(_layouts, _effects, incarnation: 1);
        _planner = new EndpointPlanner(Options, _roster, _layouts, _links, _effects, End);
        _layouts.Open(ChannelMode.Sfu, ModeReason.Policy, [MachineBench.Local], elsewhere: false, _now);
        OpenRoom(MachineBench.NodeA);
    }

    [Test]
    public void Each_member_gets_exactly_one_endpoint_and_the_offer_of_the_endpoint()
    {
        var (ada, bob) = (Join(), Join());
        var added = Reconcile<AddEndpoint>();
        Assert.That(added.Select(add => add.Endpoint), Is.EqualTo(new[] { Endpoint(ada), Endpoint(bob) }));
        Assert.That(Reconcile<AddEndpoint>(), Is.Empty, "the orders are on their way");

        var offer = MachineBench.Offer(Layout.Epoch);
        _planner.OnAdded(added[0].Endpoint, offer);
        Assert.That(_effects.Take(), Is.EqualTo(new[] { new NotifySession("g1", new SfuOffered(ada.Session, offer)) }));
    }

    [Test]
    public void Member_that_joined_during_a_layout_switch_gets_no_endpoint_in_the_older_layout()
    {
        Join(since: Layout.Epoch.Next);
        Assert.That(Reconcile<AddEndpoint>(), Is.Empty);
    }

    [Test]
    public void Endpoints_are_added_to_a_restored_layout_only_after_verification_of_the_rooms()
    {
        var ada = Join();
        var room = Restore([MachineBench.NodeA], ada)[0];
        var bob = Join();
        Assert.That(Reconcile<AddEndpoint>(), Is.Empty);

        var stranger = new MemberNumber(99);
        _planner.OnRoomVerified(room, [new(ada.Number, Ticket(1)), new(stranger, null)], _now);
        var effects = _effects.Take();
        Assert.That(effects, Does.Contain(new RemoveEndpoint(room.Epoch, room.Node, stranger)));
        Assert.That(
            effects.OfType<UpdateEndpoint>().Single().Endpoint.Number,
            Is.EqualTo(ada.Number),
            "the permissions may have changed in between");
        Assert.That(Reconcile<AddEndpoint>().Single().Endpoint.Number, Is.EqualTo(bob.Number));
    }

    [Test]
    public void Connection_that_failed_before_verification_of_the_room_is_replaced_after_it()
    {
        var ada = Join();
        var room = Restore([MachineBench.NodeA], ada)[0];
        _planner.OnConnectionFailed(Layout.Epoch, ada, _now);
        _planner.OnConnectionFailed(Layout.Epoch, ada, _now);
        Assert.That(Reconcile<ChannelEffect>(), Is.Empty, "the room has not listed its endpoints");

        _planner.OnRoomVerified(room, [new(ada.Number, Ticket(1))], _now);
        Assert.That(
            Reconcile<ChannelEffect>(),
            Is.EqualTo(new ChannelEffect[]
            {
                new RemoveEndpoint(room.Epoch, room.Node, ada.Number),
                new AddEndpoint(Endpoint(ada, generation: 1), new EndpointPermissions(true, true)),
            }),
            "the listed endpoint is the failed one, and the new one follows");
        Assert.That(_planner.Find(Layout.Epoch, ada.Number)!.Ticket, Is.Null, "the ticket is of the failed connection");
    }

    [Test]
    public void Connection_that_failed_in_a_verified_room_is_replaced_after_verification_of_the_other_room()
    {
        var ada = Join();
        var rooms = Restore([MachineBench.NodeA, MachineBench.NodeB], ada);
        _planner.OnRoomVerified(rooms[1], [new(ada.Number, Ticket(1))], _now);
        _effects.Take();
        _planner.OnConnectionFailed(Layout.Epoch, ada, _now);
        Assert.That(Reconcile<ChannelEffect>(), Is.EqualTo(new[] { new RemoveEndpoint(rooms[1].Epoch, rooms[1].Node, ada.Number) }));
        Assert.That(Layout.Rooms.Select(room => room.Population), Is.All.Zero);

        _planner.OnRoomVerified(rooms[0], [], _now);
        Assert.That(Reconcile<AddEndpoint>().Single().Endpoint, Is.EqualTo(Endpoint(ada, generation: 1)));
        Assert.That(Layout.Rooms[0].Population, Is.EqualTo(1));
    }

    [Test]
    public void Endpoint_with_a_transport_ticket_is_revived_on_another_node_after_the_loss_of_the_node()
    {
        var ada = Connected(Ticket(1));
        LoseRoom(ticketsSince: _now);
        Assert.That(Reconcile<ReviveEndpoint>(), Is.Empty, "there is no room yet");
        OpenRoom(MachineBench.NodeB);
        var revive = Reconcile<ReviveEndpoint>().Single();
        Assert.That((revive.Endpoint.Number, revive.Endpoint.Generation, revive.Ticket.Version), Is.EqualTo((ada.Number, 0, 1)));

        var to = MachineBench.Offer(Layout.Epoch) with { IceUfrag = "there" };
        _planner.OnRevived(revive.Endpoint, to, _now);
        var effects = _effects.Take();
        Assert.That(
            effects.OfType<NotifySession>().Single().Event, Is.InstanceOf<EndpointMoved>().With.Property("IceUfrag").EqualTo("there"));
        Assert.That(effects.OfType<UpdateEndpoint>().Single().Endpoint, Is.EqualTo(revive.Endpoint));
    }

    [Test]
    public void Endpoint_without_a_valid_transport_ticket_gets_a_new_connection_after_the_loss_of_the_node()
    {
        var ada = Connected(Ticket(1));
        LoseRoom(ticketsSince: null);
        Reconcile<ChannelEffect>();
        OpenRoom(MachineBench.NodeB);
        var effects = Reconcile<ChannelEffect>();
        Assert.That(effects.OfType<AddEndpoint>().Single().Endpoint, Is.EqualTo(Endpoint(ada, generation: 1)));
        Assert.That(effects.OfType<Moved>().Single(), Is.EqualTo(new Moved(MoveWay.NewConnection, TimeSpan.Zero)));
    }

    [Test]
    public void Client_not_following_a_moved_endpoint_gets_an_ICE_restart_and_then_a_new_connection()
    {
        var ada = Connected(Ticket(1));
        var revived = Revive();
        Assert.That(_planner.NextDeadline, Is.EqualTo(_now + Options.FollowTimeout));

        _now += Options.FollowTimeout;
        var restart = Reconcile<RestartIce>().Single();
        _planner.OnIceRestarted(restart.Endpoint, restart.Offer with { Restart = true }, _now);
        Assert.That(((SfuOffered)_effects.Take().OfType<NotifySession>().Single().Event).Offer.Restart);

        _now += Options.RestartTimeout;
        var effects = Reconcile<ChannelEffect>();
        Assert.That(effects.OfType<AddEndpoint>().Single().Endpoint, Is.EqualTo(revived with { Generation = 1 }));
        Assert.That(
            effects.OfType<Moved>().Single(),
            Is.EqualTo(new Moved(MoveWay.NewConnection, Options.FollowTimeout + Options.RestartTimeout)));
        Assert.That(ada.Number, Is.EqualTo(revived.Number));
    }

    [Test]
    public void Returning_client_receives_the_ICE_candidates_again_while_the_endpoint_is_moving()
    {
        var ada = Connected(Ticket(1));
        Revive();
        _roster.Update(ada.AwaySince(_now, Options.ResumeWindow));
        _now += Options.FollowTimeout;
        Assert.That(Reconcile<RestartIce>(), Is.Empty, "the move waits for the client");
        Assert.That(_planner.NextDeadline, Is.Null);

        _planner.OnClientReturned(ada, _now);
        Assert.That(_effects.Take().OfType<NotifySession>().Single().Event, Is.InstanceOf<EndpointMoved>());
    }

    [Test]
    public void Draining_room_hands_over_at_most_four_members_at_the_same_time()
    {
        var members = Enumerable.Range(0, 6).Select(_ => Connected()).ToArray();
        var next = DrainFirstRoom();
        var handed = Reconcile<HandOver>();
        Assert.That(handed.Select(hand => hand.Endpoint.Number), Is.EqualTo(members[..4].Select(member => member.Number)));
        Assert.That(handed.Select(hand => hand.From), Is.All.EqualTo(Layout.Rooms[0].Room));
        Assert.That(Reconcile<HandOver>(), Is.Empty);

        Arrive(handed[0], next);
        Assert.That(Reconcile<HandOver>().Single().Endpoint.Number, Is.EqualTo(members[4].Number));
    }

    [Test]
    public void Away_member_of_a_draining_room_is_handed_over_only_after_returning()
    {
        var ada = Connected();
        DrainFirstRoom();
        _roster.Update(ada.AwaySince(_now, Options.ResumeWindow));
        Assert.That(Reconcile<HandOver>(), Is.Empty);
        _roster.Update(ada);
        Assert.That(Reconcile<HandOver>().Single().Endpoint.Number, Is.EqualTo(ada.Number));
    }

    [Test]
    public void Endpoint_is_removed_from_the_old_room_after_the_new_node_has_connected_and_issued_a_ticket()
    {
        var ada = Connected();
        var next = DrainFirstRoom();
        var hand = Reconcile<HandOver>().Single();
        _planner.OnRevived(hand.Endpoint, MachineBench.Offer(Layout.Epoch), _now);
        _effects.Take();

        Report(next, ConnectedEvent(ada.Number));
        Assert.That(_effects.Take().OfType<RemoveEndpoint>(), Is.Empty, "the new node cannot send yet");
        Report(next, TicketedEvent(ada.Number, Ticket(2)));
        Assert.That(_effects.Take(), Is.EqualTo(new[] { new RemoveEndpoint(hand.From.Epoch, hand.From.Node, ada.Number) }));
    }

    [Test]
    public void Update_and_removal_are_sent_to_both_rooms_of_a_moving_endpoint()
    {
        var ada = Connected();
        DrainFirstRoom();
        var hand = Reconcile<HandOver>().Single();
        var muted = ada with { Participant = ada.Participant with { Muted = true } };
        _planner.UpdatePermissions(muted);
        var updates = _effects.Take().OfType<UpdateEndpoint>().ToArray();
        Assert.That(updates.Select(update => update.Endpoint.Room), Is.EquivalentTo(new[] { hand.From, hand.Endpoint.Room }));
        Assert.That(
            updates.Select(update => update.Permissions), Is.All.EqualTo(new EndpointPermissions(CanSpeak: false, CanListen: true)));

        Layout.Ready.Add(ada.Number);
        _planner.Remove(ada);
        Assert.That(
            _effects.Take().OfType<RemoveEndpoint>().Select(remove => remove.Epoch),
            Is.EquivalentTo(new[] { hand.From.Epoch, hand.Endpoint.Room.Epoch }));
        Assert.That(Layout.Ready, Is.Empty);
        Assert.That(Layout.Rooms.Select(room => room.Population), Is.All.Zero);
    }

    [Test]
    public void Session_ends_after_the_maximum_number_of_endpoints_refused_by_the_media_node()
    {
        var ada = Join();
        for (var attempt = 0; attempt <= Options.EndpointAttempts; attempt++)
        {
            Assert.That(_ended, Is.Empty);
            var add = Reconcile<AddEndpoint>() is [var first] ? first : null;
            _planner.OnRefused(add?.Endpoint ?? Endpoint(ada, attempt));
            if (attempt < Options.EndpointAttempts)
                Assert.That(_effects.Take().OfType<AddEndpoint>().Single().Endpoint, Is.EqualTo(Endpoint(ada, attempt + 1)));
        }

        Assert.That(_ended.Single(), Is.EqualTo((ada, LeaveReason.MediaUnavailable)));
    }

    [Test]
    public void Late_answers_of_the_node_about_an_earlier_connection_are_ignored()
    {
        var ada = Join();
        var old = Reconcile<AddEndpoint>().Single().Endpoint;
        _planner.OnRefused(old);
        _effects.Take();

        _planner.OnAdded(old, MachineBench.Offer(Layout.Epoch));
        _planner.OnRefused(old);
        _planner.OnRevived(old, MachineBench.Offer(Layout.Epoch), _now);
        _planner.OnIceRestarted(old, MachineBench.Offer(Layout.Epoch), _now);
        Assert.That(_effects.Take(), Is.Empty);
        Assert.That(_planner.Find(Layout.Epoch, ada.Number)!.Generation, Is.EqualTo(1));
    }

    [TestCase(true, EndpointCloseReason.ConsentExpired, true)]
    [TestCase(true, EndpointCloseReason.PeerClosed, true)]
    [TestCase(false, EndpointCloseReason.ConsentExpired, false, Description = "about the connection before it")]
    [TestCase(false, EndpointCloseReason.PeerClosed, false, Description = "about the connection before it")]
    [TestCase(false, EndpointCloseReason.DtlsFailed, true)]
    public void Closed_endpoint_is_replaced_unless_the_close_reason_refers_to_an_earlier_connection(
        bool connected, EndpointCloseReason reason, bool replaced)
    {
        var ada = connected ? Connected() : Offered();
        Report(Layout.Rooms[0], ClosedEvent(ada.Number, reason));
        Assert.That(_effects.Take().OfType<AddEndpoint>().Any(), Is.EqualTo(replaced));
    }

    [Test]
    public void Endpoint_lost_while_the_client_is_away_is_replaced_when_the_client_returns()
    {
        var ada = Connected();
        _roster.Update(ada.AwaySince(_now, Options.ResumeWindow));
        _planner.OnEndpointMissing(Layout.Epoch, _roster.Find(ada.Number)!);
        Assert.That(Reconcile<ChannelEffect>(), Is.Empty);

        _planner.OnClientReturned(ada, _now);
        Assert.That(_effects.Take().OfType<AddEndpoint>().Single().Endpoint, Is.EqualTo(Endpoint(ada, generation: 1)));
    }

    [TestCase(false, 0, Description = "the client did not answer the offer: the report is about an older connection")]
    [TestCase(true, 1)]
    public void Connection_failure_report_replaces_the_connection_only_if_the_offer_was_answered(bool answered, int replaced)
    {
        var ada = Offered();
        if (answered)
            _planner.Find(Layout.Epoch, ada.Number)!.SetAnswered();
        _planner.OnConnectionFailed(Layout.Epoch, ada, _now);
        Assert.That(_effects.Take().OfType<AddEndpoint>().Count(), Is.EqualTo(replaced));
    }

    [Test]
    public void Unanswered_offer_is_sent_again_to_a_returning_client()
    {
        var ada = Offered();
        _planner.OnClientReturned(ada with { GatewayId = "g2" }, _now);
        Assert.That(
            _effects.Take().OfType<NotifySession>().Single(),
            Has.Property("GatewayId").EqualTo("g2").And.Property("Event").InstanceOf<SfuOffered>());

        _planner.Find(Layout.Epoch, ada.Number)!.SetAnswered();
        _planner.OnClientReturned(ada, _now);
        Assert.That(_effects.Take(), Is.Empty);
    }

    private Member Join(LayoutEpoch? since = null)
    {
        var member = _roster.Add($"member-{_roster.Count + 1}");
        member = member with { Participant = member.Participant with { SinceEpoch = since ?? Layout.Epoch } };
        _roster.Update(member);
        return member;
    }

    /// <summary>Replaces the layout by the one that a restarted grain has: its rooms are unverified.</summary>
    private Room[] Restore(MediaNodeId[] nodes, Member member)
    {
        var restored = new ActiveLayout(Layout.Layout);
        foreach (var (index, node) in nodes.Index())
            restored.RestoreRoom(new RoomAssignment(MachineBench.Local, node, new RoomEpoch(index + 1), restored.Epoch));
        restored.Endpoints.Add(member.Number, MemberEndpoint.Restored(restored.Epoch, member.Number));
        _layouts.Restore(restored, pending: null, _now);
        return [.. restored.Rooms.Select(room => room.Room)];
    }

    private Member Offered()
    {
        var member = Join();
        _planner.OnAdded(Reconcile<AddEndpoint>().Single().Endpoint, MachineBench.Offer(Layout.Epoch));
        _effects.Take();
        return member;
    }

    private Member Connected(TransportTicket? ticket = null)
    {
        var member = Offered();
        Report(Layout.Rooms[0], ConnectedEvent(member.Number));
        if (ticket is not null)
            Report(Layout.Rooms[0], TicketedEvent(member.Number, ticket));
        _effects.Take();
        return member;
    }

    private EndpointRef Revive()
    {
        LoseRoom(ticketsSince: _now);
        Reconcile<ChannelEffect>();
        OpenRoom(MachineBench.NodeB);
        var revive = Reconcile<ReviveEndpoint>().Single();
        _planner.OnRevived(revive.Endpoint, MachineBench.Offer(Layout.Epoch), _now);
        _effects.Take();
        return revive.Endpoint;
    }

    private ActiveRoom DrainFirstRoom()
    {
        Layout.Rooms[0].Drain();
        _planner.Reconcile(_now);
        OpenRoom(MachineBench.NodeB);
        _links.Reconcile(_now);
        var link = _effects.Take().OfType<LinkRooms>().Single();
        _links.OnLinked(link.Pair, link.Name);
        return Layout.Rooms[1];
    }

    private void Arrive(HandOver hand, ActiveRoom room)
    {
        _planner.OnRevived(hand.Endpoint, MachineBench.Offer(Layout.Epoch), _now);
        Report(room, TicketedEvent(hand.Endpoint.Number, Ticket(2)), ConnectedEvent(hand.Endpoint.Number));
        _effects.Take();
    }

    private void OpenRoom(MediaNodeId node)
    {
        if (Layout.Rooms is [] && !Layout.Placing)
            _layouts.RequestRooms([MachineBench.Local]);
        var request = _effects.Take().OfType<PlaceRoom>().Last();
        _layouts.OnRoomOpened(request.Layout, request.Region, new Room(node, request.Region, request.Epoch), _now);
    }

    private void LoseRoom(DateTimeOffset? ticketsSince) => _layouts.LoseRooms(_ => true, ticketsSince, _now);

    private void Report(ActiveRoom room, params RoomEvent[] events)
    {
        foreach (var roomEvent in events)
            _planner.OnReported(Layout, room, roomEvent, _now);
    }

    private T[] Reconcile<T>() where T : ChannelEffect
    {
        _planner.Reconcile(_now);
        return [.. _effects.Take().OfType<T>()];
    }

    private EndpointRef Endpoint(Member member, int generation = 0) => new(Layout.Epoch, Layout.Rooms[0].Room, member.Number, generation);

    private void End(Member member, LeaveReason reason)
    {
        _ended.Add((member, reason));
        _planner.Remove(member);
        _roster.Remove(member, reason);
    }

    private static EndpointConnected ConnectedEvent(MemberNumber number) =>
        new(number) { Channel = MachineBench.Channel, Epoch = default };

    private static EndpointTicketed TicketedEvent(MemberNumber number, TransportTicket ticket) =>
        new(number, ticket) { Channel = MachineBench.Channel, Epoch = default };

    private static EndpointClosed ClosedEvent(MemberNumber number, EndpointCloseReason reason) =>
        new(number, reason) { Channel = MachineBench.Channel, Epoch = default };

    private static TransportTicket Ticket(long version) => new("ufrag", [new Ssrc(1)], "AA", version, []);
}
