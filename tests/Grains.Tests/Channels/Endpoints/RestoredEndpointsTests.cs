using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Endpoints;
using Hype.Grains.Channels.Members;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Tests.Channels.Endpoints;

/// <summary>
/// Tests how the endpoints that the nodes list after a restart of the grain are taken over: each ticket is used at most once, also if two
/// nodes list the same endpoint.
/// </summary>
public sealed class RestoredEndpointsTests : EndpointPlannerBench
{
    [Test]
    public void Endpoints_are_added_to_a_restored_layout_only_after_verification_of_the_rooms()
    {
        var ada = Join();
        var room = Restore([MachineBench.NodeA], ada)[0];
        var bob = Join();
        Assert.That(Reconcile<AddEndpoint>(), Is.Empty);

        var stranger = new MemberNumber(99);
        Planner.OnRoomVerified(room, [new(ada.Number, Ticket(1)), new(stranger, null)], Now);
        var effects = Effects.Take();
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
        Planner.OnConnectionFailed(Layout.Epoch, ada, Now);
        Planner.OnConnectionFailed(Layout.Epoch, ada, Now);
        Assert.That(Reconcile<ChannelEffect>(), Is.Empty, "the room has not listed its endpoints");

        Planner.OnRoomVerified(room, [new(ada.Number, Ticket(1))], Now);
        Assert.That(
            Reconcile<ChannelEffect>(),
            Is.EqualTo(new ChannelEffect[]
            {
                new RemoveEndpoint(room.Epoch, room.Node, ada.Number),
                new AddEndpoint(Endpoint(ada, generation: 1), new EndpointPermissions(true, true)),
            }),
            "the listed endpoint is the failed one, and the new one follows");
        Assert.That(Planner.Find(Layout.Epoch, ada.Number)!.Ticket, Is.Null, "the ticket is of the failed connection");
    }

    [Test]
    public void Connection_that_failed_in_a_verified_room_is_replaced_after_verification_of_the_other_room()
    {
        var ada = Join();
        var rooms = Restore([MachineBench.NodeA, MachineBench.NodeB], ada);
        Planner.OnRoomVerified(rooms[1], [new(ada.Number, Ticket(1))], Now);
        Effects.Take();
        Planner.OnConnectionFailed(Layout.Epoch, ada, Now);
        Assert.That(Reconcile<ChannelEffect>(), Is.EqualTo(new[] { new RemoveEndpoint(rooms[1].Epoch, rooms[1].Node, ada.Number) }));
        Assert.That(Layout.Rooms.Select(room => room.Population), Is.All.Zero);

        Planner.OnRoomVerified(rooms[0], [], Now);
        Assert.That(Reconcile<AddEndpoint>().Single().Endpoint, Is.EqualTo(Endpoint(ada, generation: 1)));
        Assert.That(Layout.Rooms[0].Population, Is.EqualTo(1));
    }

    [TestCase(0, 1)]
    [TestCase(1, 0)]
    public void Endpoint_that_two_nodes_list_stays_in_the_room_of_the_newer_ticket_and_is_removed_from_the_other(int first, int second)
    {
        var ada = Join();
        var rooms = Restore([MachineBench.NodeA, MachineBench.NodeB], ada);
        foreach (var index in new[] { first, second })
            Planner.OnRoomVerified(rooms[index], [new(ada.Number, Ticket(index + 1))], Now);

        var effects = Effects.Take();
        Assert.That(effects.OfType<RemoveEndpoint>(), Is.EqualTo(new[] { new RemoveEndpoint(rooms[0].Epoch, rooms[0].Node, ada.Number) }));
        Assert.That(effects.OfType<UpdateEndpoint>().Last().Endpoint.Room, Is.EqualTo(rooms[1]));
        AssertCarried(ada, rooms[1], version: 2);
    }

    [Test]
    public void Newer_ticket_is_recognized_after_an_ICE_restart_changed_the_ufrag()
    {
        var ada = Join();
        var rooms = Restore([MachineBench.NodeA, MachineBench.NodeB], ada);
        Planner.OnRoomVerified(rooms[0], [new(ada.Number, Ticket(1))], Now);
        Planner.OnRoomVerified(rooms[1], [new(ada.Number, Ticket(2) with { IceUfrag = "restarted" })], Now);
        AssertCarried(ada, rooms[1], version: 2);
    }

    [Test]
    public void Tickets_of_different_connections_are_not_compared()
    {
        var ada = Join();
        var rooms = Restore([MachineBench.NodeA, MachineBench.NodeB], ada);
        Planner.OnRoomVerified(rooms[0], [new(ada.Number, Ticket(1))], Now);
        Planner.OnRoomVerified(rooms[1], [new(ada.Number, Ticket(2) with { SlotSsrcs = [new Ssrc(9)] })], Now);
        AssertCarried(ada, rooms[0], version: 1);
    }

    [TestCase(0, 1)]
    [TestCase(1, 0)]
    public void Released_endpoint_is_removed_and_its_successor_continues(int first, int second)
    {
        var ada = Join();
        var rooms = Restore([MachineBench.NodeA, MachineBench.NodeB], ada);
        ListedEndpoint[] listed = [Released(ada), new(ada.Number, Ticket(2))];
        foreach (var index in new[] { first, second })
            Planner.OnRoomVerified(rooms[index], [listed[index]], Now);

        Assert.That(
            Effects.Take().OfType<RemoveEndpoint>(),
            Is.EqualTo(new[] { new RemoveEndpoint(rooms[0].Epoch, rooms[0].Node, ada.Number) }));
        AssertCarried(ada, rooms[1], version: 2);
    }

    [Test]
    public void Released_endpoint_without_a_successor_is_replaced_and_late_tickets_of_its_node_are_ignored()
    {
        var ada = Join();
        var room = Restore([MachineBench.NodeA], ada)[0];
        Report(Layout.Rooms[0], TicketedEvent(ada.Number, Ticket(1)));
        Planner.OnRoomVerified(room, [Released(ada)], Now);
        Report(Layout.Rooms[0], TicketedEvent(ada.Number, Ticket(2)));

        Assert.That(
            Reconcile<NodeOrder>(),
            Is.EqualTo(new NodeOrder[]
            {
                new RemoveEndpoint(room.Epoch, room.Node, ada.Number),
                new AddEndpoint(Endpoint(ada, generation: 1), new EndpointPermissions(true, true)),
            }),
            "another node may use the indices after its last ticket");
        Report(Layout.Rooms[0], TicketedEvent(ada.Number, Ticket(3)));
        Assert.That(Planner.Find(Layout.Epoch, ada.Number)!.Ticket, Is.Null);
    }

    [Test]
    public void Older_endpoint_is_removed_although_the_node_of_the_newer_one_was_lost_meanwhile()
    {
        var ada = Join();
        var rooms = Restore([MachineBench.NodeA, MachineBench.NodeB], ada);
        Planner.OnRoomVerified(rooms[1], [new(ada.Number, Ticket(2))], Now);
        Layouts.LoseRooms(room => room.Node == MachineBench.NodeB, new TicketValidity(Now, Now), Now);
        Planner.OnRoomVerified(rooms[0], [new(ada.Number, Ticket(1))], Now);

        var revive = Reconcile<ReviveEndpoint>().Single();
        Assert.That(revive.Ticket.Version, Is.EqualTo(2));
    }

    [TestCase(2, 2)]
    [TestCase(1, 1, Description = "repeated")]
    public void Ticket_reported_before_the_list_of_its_room_arrives_replaces_an_older_listed_ticket(int reported, int stored)
    {
        var ada = Join();
        var rooms = Restore([MachineBench.NodeA, MachineBench.NodeB], ada);
        Report(Layout.Rooms[0], TicketedEvent(ada.Number, Ticket(reported)));
        Report(Layout.Rooms[1], TicketedEvent(ada.Number, Ticket(0)));
        Planner.OnRoomVerified(rooms[0], [new(ada.Number, Ticket(1))], Now);
        AssertCarried(ada, rooms[0], stored);
    }

    [Test]
    public void Ticket_reported_before_the_list_of_its_room_is_kept_while_another_room_is_listed()
    {
        var ada = Join();
        var rooms = Restore([MachineBench.NodeA, MachineBench.NodeB], ada);
        Report(Layout.Rooms[1], TicketedEvent(ada.Number, Ticket(3)));
        Planner.OnRoomVerified(rooms[0], [new(ada.Number, Ticket(1))], Now);
        Planner.OnRoomVerified(rooms[1], [new(ada.Number, Ticket(2))], Now);
        AssertCarried(ada, rooms[1], version: 3);
    }

    [Test]
    public void Ticket_reported_before_the_list_counts_from_the_time_of_its_report()
    {
        var ada = Join();
        var rooms = Restore([MachineBench.NodeA, MachineBench.NodeB], ada);
        Report(Layout.Rooms[0], TicketedEvent(ada.Number, Ticket(2)));
        Now += TimeSpan.FromSeconds(3);
        Planner.OnRoomVerified(rooms[0], [new(ada.Number, Ticket(1))], Now);
        Planner.OnRoomVerified(rooms[1], [], Now);
        Layouts.LoseRooms(room => room.Node == MachineBench.NodeA, new TicketValidity(Now, Now), Now);
        Assert.That(Reconcile<ReviveEndpoint>(), Is.Empty);
    }

    private void AssertCarried(Member member, Room room, long version)
    {
        var endpoint = Planner.Find(Layout.Epoch, member.Number)!;
        Assert.That((endpoint.Room?.Room, endpoint.Ticket?.Version), Is.EqualTo((room, version)));
        var populated = Layout.Rooms.Where(active => active.Population > 0);
        Assert.That(populated.Select(active => (active.Room, active.Population)), Is.EqualTo(new[] { (room, 1) }));
    }

    private static ListedEndpoint Released(Member member) => new(member.Number, null) { Released = true };
}
