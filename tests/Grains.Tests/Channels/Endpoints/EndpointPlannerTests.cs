using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Members;
using Hype.Grains.Channels.Orders;

namespace Hype.Grains.Tests.Channels.Endpoints;

/// <summary>Tests how members' endpoints are added, offered, revived, handed over, replaced and removed.</summary>
public sealed class EndpointPlannerTests : EndpointPlannerBench
{
    [Test]
    public void Each_member_gets_exactly_one_endpoint_and_the_offer_of_the_endpoint()
    {
        var (ada, bob) = (Join(), Join());
        var added = Reconcile<AddEndpoint>();
        Assert.That(added.Select(add => add.Endpoint), Is.EqualTo(new[] { Endpoint(ada), Endpoint(bob) }));
        Assert.That(Reconcile<AddEndpoint>(), Is.Empty, "the orders are on their way");

        var offer = MachineBench.Offer(Layout.Epoch);
        Planner.OnAdded(added[0].Endpoint, offer);
        Assert.That(Effects.Take(), Is.EqualTo(new[] { new NotifySession("g1", new SfuOffered(ada.Session, offer)) }));
    }

    [Test]
    public void Member_that_joined_during_a_layout_switch_gets_no_endpoint_in_the_older_layout()
    {
        Join(since: Layout.Epoch.Next);
        Assert.That(Reconcile<AddEndpoint>(), Is.Empty);
    }

    [Test]
    public void Endpoint_with_a_transport_ticket_is_revived_on_another_node_after_the_loss_of_the_node()
    {
        var ada = Connected(Ticket(1));
        LoseRoom(ticketsSince: Now);
        Assert.That(Reconcile<ReviveEndpoint>(), Is.Empty, "there is no room yet");
        OpenRoom(MachineBench.NodeB);
        var revive = Reconcile<ReviveEndpoint>().Single();
        Assert.That((revive.Endpoint.Number, revive.Endpoint.Generation, revive.Ticket.Version), Is.EqualTo((ada.Number, 0, 1)));

        var to = MachineBench.Offer(Layout.Epoch) with { IceUfrag = "there" };
        Planner.OnRevived(revive.Endpoint, to, Now);
        var effects = Effects.Take();
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

    [TestCase(0, true)]
    [TestCase(0.001, false)]
    public void Ticket_of_a_lost_node_is_used_only_while_the_node_cannot_have_used_higher_indices(double late, bool revived)
    {
        var validFor = TimeSpan.FromSeconds(2.5);
        var ada = Connected(Ticket(1));
        LoseRoom(ticketsSince: Now, validFor);
        Reconcile<ChannelEffect>();

        Now += validFor + TimeSpan.FromSeconds(late);
        OpenRoom(MachineBench.NodeB);
        var orders = Reconcile<EndpointOrder>();
        Assert.That(orders.OfType<ReviveEndpoint>().Any(), Is.EqualTo(revived));
        if (!revived)
            Assert.That(orders.OfType<AddEndpoint>().Single().Endpoint, Is.EqualTo(Endpoint(ada, generation: 1)));
    }

    [Test]
    public void Client_not_following_a_moved_endpoint_gets_an_ICE_restart_and_then_a_new_connection()
    {
        var ada = Connected(Ticket(1));
        var revived = Revive();
        Assert.That(Planner.NextDeadline, Is.EqualTo(Now + Options.FollowTimeout));

        Now += Options.FollowTimeout;
        var restart = Reconcile<RestartIce>().Single();
        Planner.OnIceRestarted(restart.Endpoint, restart.Offer with { Restart = true }, Now);
        Assert.That(((SfuOffered)Effects.Take().OfType<NotifySession>().Single().Event).Offer.Restart);

        Now += Options.RestartTimeout;
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
        Roster.Update(ada.AwaySince(Now, Options.ResumeWindow));
        Now += Options.FollowTimeout;
        Assert.That(Reconcile<RestartIce>(), Is.Empty, "the move waits for the client");
        Assert.That(Planner.NextDeadline, Is.Null);

        Planner.OnClientReturned(ada, Now);
        Assert.That(Effects.Take().OfType<NotifySession>().Single().Event, Is.InstanceOf<EndpointMoved>());
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
        Roster.Update(ada.AwaySince(Now, Options.ResumeWindow));
        Assert.That(Reconcile<HandOver>(), Is.Empty);
        Roster.Update(ada);
        Assert.That(Reconcile<HandOver>().Single().Endpoint.Number, Is.EqualTo(ada.Number));
    }

    [Test]
    public void Endpoint_is_removed_from_the_old_room_after_the_new_node_has_connected_and_issued_a_ticket()
    {
        var ada = Connected();
        var next = DrainFirstRoom();
        var hand = Reconcile<HandOver>().Single();
        Planner.OnRevived(hand.Endpoint, MachineBench.Offer(Layout.Epoch), Now);
        Effects.Take();

        Report(next, ConnectedEvent(ada.Number));
        Assert.That(Effects.Take().OfType<RemoveEndpoint>(), Is.Empty, "the new node cannot send yet");
        Report(next, TicketedEvent(ada.Number, Ticket(2)));
        Assert.That(Effects.Take(), Is.EqualTo(new[] { new RemoveEndpoint(hand.From.Epoch, hand.From.Node, ada.Number) }));
    }

    [Test]
    public void Update_and_removal_are_sent_to_both_rooms_of_a_moving_endpoint()
    {
        var ada = Connected();
        DrainFirstRoom();
        var hand = Reconcile<HandOver>().Single();
        var muted = ada with { Participant = ada.Participant with { Muted = true } };
        Planner.UpdatePermissions(muted);
        var updates = Effects.Take().OfType<UpdateEndpoint>().ToArray();
        Assert.That(updates.Select(update => update.Endpoint.Room), Is.EquivalentTo(new[] { hand.From, hand.Endpoint.Room }));
        Assert.That(
            updates.Select(update => update.Permissions), Is.All.EqualTo(new EndpointPermissions(CanSpeak: false, CanListen: true)));

        Layout.Ready.Add(ada.Number);
        Planner.Remove(ada);
        Assert.That(
            Effects.Take().OfType<RemoveEndpoint>().Select(remove => remove.Epoch),
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
            Assert.That(Ended, Is.Empty);
            var add = Reconcile<AddEndpoint>() is [var first] ? first : null;
            Planner.OnRefused(add?.Endpoint ?? Endpoint(ada, attempt));
            if (attempt < Options.EndpointAttempts)
                Assert.That(Effects.Take().OfType<AddEndpoint>().Single().Endpoint, Is.EqualTo(Endpoint(ada, attempt + 1)));
        }

        Assert.That(Ended.Single(), Is.EqualTo((ada, LeaveReason.MediaUnavailable)));
    }

    [Test]
    public void Late_answers_of_the_node_about_an_earlier_connection_are_ignored()
    {
        var ada = Join();
        var old = Reconcile<AddEndpoint>().Single().Endpoint;
        Planner.OnRefused(old);
        Effects.Take();

        Planner.OnAdded(old, MachineBench.Offer(Layout.Epoch));
        Planner.OnRefused(old);
        Planner.OnRevived(old, MachineBench.Offer(Layout.Epoch), Now);
        Planner.OnIceRestarted(old, MachineBench.Offer(Layout.Epoch), Now);
        Assert.That(Effects.Take(), Is.Empty);
        Assert.That(Planner.Find(Layout.Epoch, ada.Number)!.Generation, Is.EqualTo(1));
    }

    [Test]
    public void Late_ticket_of_an_earlier_connection_in_the_same_room_is_ignored()
    {
        var ada = Connected(Ticket(5));
        Planner.OnEndpointMissing(Layout.Epoch, ada);
        var add = Effects.Take().OfType<AddEndpoint>().Single();
        Assert.That(add.Endpoint, Is.EqualTo(Endpoint(ada, generation: 1)));

        Report(Layout.Rooms[0], TicketedEvent(ada.Number, Ticket(6)));
        Planner.OnAdded(add.Endpoint, MachineBench.Offer(Layout.Epoch) with { IceUfrag = "second" });
        var own = Ticket(1) with { IceUfrag = "second" };
        Report(Layout.Rooms[0], TicketedEvent(ada.Number, own));
        Assert.That(Planner.Find(Layout.Epoch, ada.Number)!.Ticket, Is.SameAs(own));
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
        Assert.That(Effects.Take().OfType<AddEndpoint>().Any(), Is.EqualTo(replaced));
    }

    [Test]
    public void Endpoint_lost_while_the_client_is_away_is_replaced_when_the_client_returns()
    {
        var ada = Connected();
        Roster.Update(ada.AwaySince(Now, Options.ResumeWindow));
        Planner.OnEndpointMissing(Layout.Epoch, Roster.Find(ada.Number)!);
        Assert.That(Reconcile<ChannelEffect>(), Is.Empty);

        Planner.OnClientReturned(ada, Now);
        Assert.That(Effects.Take().OfType<AddEndpoint>().Single().Endpoint, Is.EqualTo(Endpoint(ada, generation: 1)));
    }

    [TestCase(false, 0, Description = "the client did not answer the offer: the report is about an older connection")]
    [TestCase(true, 1)]
    public void Connection_failure_report_replaces_the_connection_only_if_the_offer_was_answered(bool answered, int replaced)
    {
        var ada = Offered();
        if (answered)
            Planner.Find(Layout.Epoch, ada.Number)!.SetAnswered();
        Planner.OnConnectionFailed(Layout.Epoch, ada, Now);
        Assert.That(Effects.Take().OfType<AddEndpoint>().Count(), Is.EqualTo(replaced));
    }

    [Test]
    public void Unanswered_offer_is_sent_again_to_a_returning_client()
    {
        var ada = Offered();
        Planner.OnClientReturned(ada with { GatewayId = "g2" }, Now);
        Assert.That(
            Effects.Take().OfType<NotifySession>().Single(),
            Has.Property("GatewayId").EqualTo("g2").And.Property("Event").InstanceOf<SfuOffered>());

        Planner.Find(Layout.Epoch, ada.Number)!.SetAnswered();
        Planner.OnClientReturned(ada, Now);
        Assert.That(Effects.Take(), Is.Empty);
    }
}
