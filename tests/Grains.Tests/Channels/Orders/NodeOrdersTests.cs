using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Regions;
using Hype.Grains.Cascade;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Channels.Rooms;
using Hype.Grains.Tests.Testing;
using Proto = Hype.MediaNode.Orders.V1;

namespace Hype.Grains.Tests.Channels.Orders;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NodeOrdersTests
{
    private readonly NodesBench _bench = new();

    private NodeOrders Orders => _bench.Orders;

    [Test]
    public async Task Placement_opens_the_room_on_the_node_of_the_region()
    {
        var answer = await Orders.ExecuteAsync(NodesBench.Place(3));
        Assert.That((answer.Outcome, answer.Room), Is.EqualTo((NodeOutcome.Done, NodesBench.RoomOn(_bench.A, 3))));
        Assert.That(_bench.A.Orders, Is.EqualTo(new[] { "OpenRoom 3" }));
        Assert.That(Orders.ReasonFor(new RoomEpoch(3)), Is.EqualTo(PlacementReason.LessLoadedOfTwo));
    }

    [Test]
    public async Task Order_waits_until_the_silo_may_act()
    {
        _bench.Gate.Close();
        var placing = Orders.ExecuteAsync(NodesBench.Place(3));
        await _bench.Gate.Waiting;
        Assert.That(_bench.GrainA.Calls, Is.Zero);
        _bench.Gate.Open();
        Assert.That((await placing).Outcome, Is.EqualTo(NodeOutcome.Done));
        Assert.That(_bench.A.Orders, Is.EqualTo(new[] { "OpenRoom 3" }));
    }

    [Test]
    public void Order_of_a_dead_silo_is_not_sent()
    {
        _bench.Gate.Close();
        var placing = Orders.ExecuteAsync(NodesBench.Place(3));
        _bench.Gate.Lose();
        Assert.That(async () => await placing, Throws.TypeOf<SiloUnavailableException>());
        Assert.That(_bench.GrainA.Calls, Is.Zero);
    }

    [Test]
    public async Task Order_carries_the_incarnation_of_the_activation_and_waits_until_its_record_is_written()
    {
        var write = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var bench = new NodesBench(isFenceTaken: false) { Write = () => write.Task };
        var incarnations = new List<ulong>();
        bench.A.Refuse = order =>
        {
            incarnations.Add(order.Incarnation);
            return null;
        };
        var verifying = bench.Orders.ExecuteAsync(new VerifyRoom(NodesBench.RoomOn(bench.A, 3)));
        Assert.That((verifying.IsCompleted, bench.GrainA.Calls), Is.EqualTo((false, 0)));
        write.SetResult(true);
        Assert.That((await verifying).Outcome, Is.EqualTo(NodeOutcome.Done));
        Assert.That(incarnations, Is.EqualTo(new ulong[] { NodesBench.Incarnation, NodesBench.Incarnation }));
    }

    [Test]
    public async Task Order_of_an_activation_without_a_written_record_is_not_sent()
    {
        var bench = new NodesBench(isFenceTaken: false) { Write = () => Task.FromResult(false) };
        var room = NodesBench.RoomOn(bench.A, 3);
        Assert.That((await bench.Orders.ExecuteAsync(new VerifyRoom(room))).Outcome, Is.EqualTo(NodeOutcome.Unreachable));
        Assert.That(await bench.Orders.ListSlotsAsync(room.Node, room.Epoch), Is.Empty);
        Assert.That((bench.GrainA.Calls, bench.Ended), Is.EqualTo((0, 0)));
        bench.Write = () => Task.FromResult(true);
        Assert.That((await bench.Orders.ExecuteAsync(new VerifyRoom(room))).Outcome, Is.EqualTo(NodeOutcome.Done));
    }

    [Test]
    public async Task Activation_that_a_node_and_the_storage_know_as_superseded_ends_and_sends_no_further_order_to_any_node()
    {
        _bench.A.Refuse = _ => Proto.OutcomeCode.Superseded;
        _bench.Write = () =>
        {
            _bench.Fence.Lose();
            return Task.FromResult(false);
        };
        var verify = new VerifyRoom(NodesBench.RoomOn(_bench.A, 3));
        Assert.That((await Orders.ExecuteAsync(verify)).Outcome, Is.EqualTo(NodeOutcome.Superseded));
        var close = new CloseRoom(new RoomEpoch(2), _bench.B.Registration.Node);
        Assert.That((await Orders.ExecuteAsync(close)).Outcome, Is.EqualTo(NodeOutcome.Superseded));
        Assert.That((_bench.GrainA.Calls, _bench.GrainB.Calls, _bench.Ended), Is.EqualTo((1, 0, 1)));
    }

    [Test]
    public async Task Node_that_refuses_the_latest_activation_as_superseded_does_not_end_it()
    {
        _bench.A.Refuse = _ => Proto.OutcomeCode.Superseded;
        Assert.That((await Orders.ExecuteAsync(NodesBench.Place(3))).Room, Is.EqualTo(NodesBench.RoomOn(_bench.B, 3)));
        Assert.That(_bench.Ended, Is.Zero);
    }

    [Test]
    public async Task Refusal_as_superseded_counts_as_no_answer_while_the_storage_does_not_answer()
    {
        _bench.A.Refuse = _ => Proto.OutcomeCode.Superseded;
        _bench.Write = () => Task.FromResult(false);
        var verified = await Orders.ExecuteAsync(new VerifyRoom(NodesBench.RoomOn(_bench.A, 3)));
        Assert.That((verified.Outcome, _bench.Ended), Is.EqualTo((NodeOutcome.Unreachable, 0)));
    }

    [Test]
    public async Task Room_refused_by_a_media_node_is_placed_on_another_node()
    {
        _bench.A.Refuse = _ => Proto.OutcomeCode.NoCapacity;
        Assert.That((await Orders.ExecuteAsync(NodesBench.Place(3))).Room, Is.EqualTo(NodesBench.RoomOn(_bench.B, 3)));
    }

    [Test]
    public async Task Room_refused_by_all_media_nodes_returns_the_outcome_no_capacity()
    {
        _bench.A.Refuse = _bench.B.Refuse = _ => Proto.OutcomeCode.StaleEpoch;
        var answer = await Orders.ExecuteAsync(NodesBench.Place(3));
        Assert.That((answer.Outcome, answer.Room), Is.EqualTo((NodeOutcome.NoCapacity, (Room?)null)));
    }

    [Test]
    public async Task Placement_in_the_requested_region_opens_a_new_room_despite_an_existing_room()
    {
        var present = NodesBench.RoomOn(_bench.A, 2);
        var answer = await Orders.ExecuteAsync(NodesBench.Place(3, present) with { Region = NodesBench.Region });
        Assert.That(answer.Room, Is.Not.EqualTo(present), "in its own region it opens a room of its own");
    }

    [Test]
    public async Task Offer_of_an_added_endpoint_contains_the_values_of_the_order_and_the_room()
    {
        var room = await _bench.OpenAsync();
        var answer = await _bench.AddAsync(room);
        var offer = answer.Offer!;
        Assert.That(answer.Outcome, Is.EqualTo(NodeOutcome.Done));
        Assert.That(offer.IceUfrag, Is.EqualTo(_bench.A.Endpoints.Single().IceUfrag));
        Assert.That(offer.Candidates, Is.EqualTo(new[] { new NodeCandidate("127.0.0.1", 40_000) }));
        Assert.That(offer.Fingerprint, Does.Match("^([0-9A-F]{2}:){31}[0-9A-F]{2}$"));
        Assert.That(
            (offer.SlotSsrcs.Length, offer.Epoch, offer.Region, offer.Restart),
            Is.EqualTo((3, new LayoutEpoch(1), NodesBench.Region, false)));
    }

    [Test]
    public async Task Answer_about_a_refused_endpoint_contains_no_offer()
    {
        var room = await _bench.OpenAsync();
        _bench.A.Refuse = _ => Proto.OutcomeCode.AlreadyExists;
        var answer = await _bench.AddAsync(room);
        Assert.That((answer.Outcome, answer.Offer), Is.EqualTo((NodeOutcome.AlreadyExists, (SfuOffer?)null)));
    }

    [Test]
    public async Task Order_for_a_never_opened_room_returns_unknown_room_without_a_call_to_the_node()
    {
        Assert.That((await _bench.AddAsync(NodesBench.RoomOn(_bench.A, 9))).Outcome, Is.EqualTo(NodeOutcome.UnknownRoom));
        Assert.That(_bench.GrainA.Calls, Is.Zero);
    }

    [Test]
    public async Task Endpoint_of_a_later_generation_replaces_the_earlier_endpoint_in_one_call()
    {
        var room = await _bench.OpenAsync();
        await _bench.AddAsync(room);
        var calls = _bench.GrainA.Calls;
        Assert.That((await _bench.AddAsync(room, generation: 1)).Outcome, Is.EqualTo(NodeOutcome.Done));
        Assert.That(_bench.A.Orders.TakeLast(2), Is.EqualTo(new[] { "RemoveEndpoint 7", "AddEndpoint 7" }));
        Assert.That(_bench.GrainA.Calls, Is.EqualTo(calls + 1));
    }

    [Test]
    public async Task Offer_of_a_revived_endpoint_contains_the_values_of_the_transport_ticket()
    {
        var room = await _bench.OpenAsync();
        var ticket = new TransportTicket("old", [new Ssrc(1), new Ssrc(2)], "AA:BB", 5, [9]);
        var answer =
            await Orders.ExecuteAsync(new ReviveEndpoint(NodesBench.EndpointIn(room), new EndpointPermissions(true, false), ticket));
        var offer = answer.Offer!;
        Assert.That((offer.IceUfrag, offer.IcePwd, offer.Fingerprint), Is.EqualTo(("old", "", "AA:BB")));
        Assert.That(offer.SlotSsrcs, Is.EqualTo(ticket.SlotSsrcs));
        Assert.That(_bench.A.Endpoints.Single().Ticket, Is.EqualTo(ticket.Sealed));
    }

    [Test]
    public async Task Handover_releases_the_endpoint_in_the_old_room_and_revives_the_endpoint_in_the_new_room()
    {
        var from = await _bench.OpenAsync(3);
        _bench.A.Refuse = order => order.BodyCase == Proto.NodeOrder.BodyOneofCase.OpenRoom ? Proto.OutcomeCode.NoCapacity : null;
        var to = await _bench.OpenAsync(4);
        var answer = await Orders.ExecuteAsync(new HandOver(from, NodesBench.EndpointIn(to), new EndpointPermissions(true, true)));
        Assert.That(answer.Offer!.IceUfrag, Is.EqualTo("ufrag"));
        Assert.That(_bench.A.Orders[^1], Is.EqualTo("ReleaseEndpoint 7"));
        Assert.That(_bench.B.Endpoints.Single().Ticket, Is.Not.Empty);
    }

    [Test]
    public async Task Handover_returns_the_outcome_of_a_failed_release()
    {
        var from = await _bench.OpenAsync(3);
        _bench.A.Refuse = _ => Proto.OutcomeCode.UnknownEndpoint;
        var answer = await Orders.ExecuteAsync(new HandOver(from, NodesBench.EndpointIn(from), new EndpointPermissions(true, true)));
        Assert.That((answer.Outcome, answer.Offer), Is.EqualTo((NodeOutcome.UnknownEndpoint, (SfuOffer?)null)));
    }

    [Test]
    public async Task Handover_of_an_endpoint_without_a_ticket_fails()
    {
        var from = await _bench.OpenAsync(3);
        _bench.A.HandOverTicket = null;
        var answer = await Orders.ExecuteAsync(new HandOver(from, NodesBench.EndpointIn(from), new EndpointPermissions(true, true)));
        Assert.That((answer.Outcome, answer.Offer), Is.EqualTo((NodeOutcome.Failed, (SfuOffer?)null)));
    }

    [Test]
    public async Task Each_handover_has_a_number_of_its_own()
    {
        var from = await _bench.OpenAsync(3);
        _bench.A.HandOverTicket = null;
        for (var i = 0; i < 2; i++)
            await Orders.ExecuteAsync(new HandOver(from, NodesBench.EndpointIn(from), new EndpointPermissions(true, true)));
        Assert.That(_bench.A.HandOvers, Has.Count.EqualTo(2).And.Not.Contains(0).And.Unique);
    }

    [Test]
    public async Task Ticket_of_a_lost_node_is_not_used_after_a_pause_of_the_silo()
    {
        var room = await _bench.OpenAsync();
        var ticket = new TransportTicket("old", [new Ssrc(1)], "AA", 5, [9]);
        _bench.Gate.Close();
        var reviving = Orders.ExecuteAsync(new ReviveEndpoint(NodesBench.EndpointIn(room), new EndpointPermissions(true, true), ticket));
        _bench.Gate.Open();
        Assert.That((await reviving).Outcome, Is.EqualTo(NodeOutcome.Failed), "the node may still run, and may have used higher indices");
        Assert.That(_bench.A.Endpoints, Is.Empty);
    }

    [Test]
    public async Task ICE_restart_returns_the_offer_with_new_credentials()
    {
        var room = await _bench.OpenAsync();
        var offer = (await _bench.AddAsync(room)).Offer!;
        var restarted = (await Orders.ExecuteAsync(new RestartIce(NodesBench.EndpointIn(room), offer))).Offer!;
        Assert.That(restarted, Is.EqualTo(offer with { IceUfrag = restarted.IceUfrag, IcePwd = restarted.IcePwd, Restart = true }));
        Assert.That(restarted.IceUfrag, Is.Not.EqualTo(offer.IceUfrag));
    }

    [Test]
    public async Task Verification_of_a_room_opens_the_room_and_lists_the_endpoints_in_one_call()
    {
        var room = await _bench.OpenAsync();
        await _bench.AddAsync(room);
        var calls = _bench.GrainA.Calls;
        var answer = await Orders.ExecuteAsync(new VerifyRoom(room));
        Assert.That(answer.Listed!.Endpoints, Is.EqualTo(new[] { new ListedEndpoint(new MemberNumber(7), null) }));
        Assert.That(_bench.GrainA.Calls, Is.EqualTo(calls + 1));
    }

    [Test]
    public async Task Verification_of_a_room_refused_by_the_node_returns_no_endpoint_list()
    {
        _bench.A.Refuse = order => order.BodyCase == Proto.NodeOrder.BodyOneofCase.OpenRoom ? Proto.OutcomeCode.StaleEpoch : null;
        var answer = await Orders.ExecuteAsync(new VerifyRoom(NodesBench.RoomOn(_bench.A, 2)));
        Assert.That((answer.Outcome, answer.Listed), Is.EqualTo((NodeOutcome.StaleEpoch, (ListedEndpoints?)null)));
    }

    [Test]
    public async Task Link_is_added_in_both_rooms_after_the_previous_link_is_removed()
    {
        var (low, high) = await TwoRoomsAsync();
        var link = new LinkRooms(new RoomPair(low.Epoch, high.Epoch), "second", low, high, InPlaceOf: "first");
        Assert.That((await Orders.ExecuteAsync(link)).Outcome, Is.EqualTo(NodeOutcome.Done));
        Assert.That(_bench.A.Orders.TakeLast(2), Is.EqualTo(new[] { "RemoveLink first", "AddLink second" }));
        Assert.That(_bench.B.Orders.TakeLast(2), Is.EqualTo(new[] { "RemoveLink first", "AddLink second" }));
    }

    [Test]
    public async Task Link_that_one_node_refuses_returns_the_outcome_of_that_node()
    {
        var (low, high) = await TwoRoomsAsync();
        _bench.B.Alive = false;
        var link = new LinkRooms(new RoomPair(low.Epoch, high.Epoch), "first", low, high, InPlaceOf: null);
        Assert.That((await Orders.ExecuteAsync(link)).Outcome, Is.EqualTo(NodeOutcome.Unreachable));
    }

    [Test]
    public async Task Orders_for_one_endpoint_are_executed_in_sequence()
    {
        var room = await _bench.OpenAsync();
        var add = _bench.AddAsync(room);
        var update = Orders.ExecuteAsync(new UpdateEndpoint(NodesBench.EndpointIn(room), new EndpointPermissions(false, true)));
        var remove = Orders.ExecuteAsync(new RemoveEndpoint(room.Epoch, room.Node, new MemberNumber(7)));
        await Task.WhenAll(add, update, remove);
        Assert.That(_bench.A.Orders.Skip(1), Is.EqualTo(new[] { "AddEndpoint 7", "UpdateEndpoint 7", "RemoveEndpoint 7" }));
    }

    [Test]
    public async Task Failed_order_does_not_block_the_next_order_for_the_same_endpoint()
    {
        var room = await _bench.OpenAsync();
        _bench.GrainA.Failure = new TimeoutException();
        Assert.That(async () => await _bench.AddAsync(room), Throws.TypeOf<TimeoutException>());
        _bench.GrainA.Failure = null;
        Assert.That((await _bench.AddAsync(room)).Outcome, Is.EqualTo(NodeOutcome.Done));
    }

    [Test]
    public async Task Order_for_a_closed_room_returns_unknown_room()
    {
        var room = await _bench.OpenAsync();
        await Orders.ExecuteAsync(new CloseRoom(room.Epoch, room.Node));
        Assert.That(_bench.A.Rooms, Is.Empty);
        Assert.That((await _bench.AddAsync(room)).Outcome, Is.EqualTo(NodeOutcome.UnknownRoom));
        Assert.That(Orders.ReasonFor(room.Epoch), Is.EqualTo(PlacementReason.Unknown));
    }

    private async Task<(Room Low, Room High)> TwoRoomsAsync()
    {
        var low = await _bench.OpenAsync(3);
        _bench.A.Refuse = order => order.BodyCase == Proto.NodeOrder.BodyOneofCase.OpenRoom ? Proto.OutcomeCode.NoCapacity : null;
        return (low, await _bench.OpenAsync(4));
    }
}
