using System.Diagnostics;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Regions;
using Hype.Grains.MediaNodes;
using Hype.Grains.Tests.Testing;
using Hype.Testing.Waiting;
using Orleans.Core.Internal;
using Proto = Hype.MediaNode.Orders.V1;

namespace Hype.Grains.Tests.MediaNodes;

/// <summary>Tests the lease, the drain and the region of a media node in a real silo.</summary>
public sealed class MediaNodeGrainTests() : SiloFixture(
    ("Hype:Regions:Nearest:local:0", "near"), ("Hype:Regions:Nearest:near:0", "local"))
{
    private IRegionGrain Region(string id) => Silo.Grains.GetGrain<IRegionGrain>(id);

    private static ChannelId Lobby => ChannelId.Parse("lobby");

    [Test]
    public async Task Heartbeat_is_accepted_only_from_the_registered_incarnation()
    {
        var node = await Silo.StartNode("a");
        Assert.That(await Silo.Node(node).Heartbeat(node.Registration.Incarnation, NodeLoad.Idle with { Load = 0.4 }, default), Is.True);
        Assert.That(await Silo.Node(node).Heartbeat(Guid.NewGuid(), null, default), Is.False);
        Assert.That((await Region("local").GetNodes()).Single().Load.Load, Is.EqualTo(0.4));
    }

    [Test]
    public async Task Suspected_node_that_answers_the_probe_stays_registered()
    {
        var node = await Silo.StartNode("a");
        await Silo.Node(node).Suspect(node.Registration.Incarnation);
        Assert.That(await Silo.Node(node).GetStatus(), Is.Not.Null);
        Assert.That((await Region("local").Place(Lobby, null, [])).Node, Is.EqualTo(node.Registration.Node));
    }

    [Test]
    public async Task Node_that_fails_the_probe_is_removed_from_the_region_and_receives_no_orders()
    {
        var node = await Silo.StartNode("a");
        node.Alive = false;
        await Silo.Node(node).Suspect(node.Registration.Incarnation);
        Assert.That(await Silo.Node(node).GetStatus(), Is.Null);
        Assert.That(await Silo.Node(node).Heartbeat(node.Registration.Incarnation, null, default), Is.False);
        Assert.That((await Region("local").Place(Lobby, null, [])).Node, Is.Null);
        Assert.That(
            await ExecuteAsync(node, Lobby, new Proto.NodeOrder { UpdateEndpoint = new() { Number = 1 } }),
            Is.EqualTo(Proto.OutcomeCode.Unreachable));
    }

    [Test]
    public async Task Channel_opens_a_new_room_after_a_restart_of_the_media_node()
    {
        await Silo.StartNode("a");
        await Silo.Channel("lobby").UpdateSettings(new ChannelSettings { Mode = ModePolicy.Sfu });
        await Silo.Join("lobby", "ada", Gateway);
        var first = await Gateway.Receives<SfuOffered>();

        var again = await Silo.StartNode("a");

        // The room has another epoch, the layout has not.
        await Gateway.Receives<SfuOffered>(offered => offered.Offer.IceUfrag != first.Offer.IceUfrag);
        var (channel, epoch) = again.Rooms.Single();
        Assert.That((channel, epoch > new RoomEpoch(1)), Is.EqualTo((Lobby, true)));
    }

    [Test]
    public async Task Region_without_capacity_places_rooms_in_the_nearest_region()
    {
        var far = Silo.Nodes.Start("far");
        await Silo.Node(far).Register(far.Registration with { Region = new RegionId("near") }, []);
        var placed = await Region("local").Place(Lobby, null, []);
        Assert.That((placed.Node?.Value, placed.Region.Value), Is.EqualTo(("far", "near")));
        Assert.That((await Region("local").Place(Lobby, null, [new MediaNodeId("far")])).Node, Is.Null);
    }

    [Test]
    public async Task Draining_node_receives_no_new_room()
    {
        var node = await Silo.StartNode("a");
        await Silo.Node(node).Heartbeat(node.Registration.Incarnation, NodeLoad.Idle with { Draining = true }, default);
        Assert.That((await Region("local").Place(Lobby, null, [])).Node, Is.Null);
    }

    [Test]
    public async Task Rooms_that_a_registering_node_holds_are_reported_to_their_channels()
    {
        var node = Silo.Nodes.Start("a");
        await Silo.Node(node).Register(
            node.Registration, [new(Lobby, new(3)), new(Lobby, new(5)), new(ChannelId.Parse("attic"), new(2))]);
        Assert.That(
            new[] { await Silo.Notifications.Next(), await Silo.Notifications.Next() },
            Is.EquivalentTo(new[] { "RoomsFound a 3,5 in lobby", "RoomsFound a 2 in attic" }));
    }

    [Test]
    public async Task Channel_of_a_room_listed_at_the_registration_of_a_node_is_notified_of_the_node_loss()
    {
        await Silo.StartNode("a");
        await Silo.Channel("lobby").UpdateSettings(new ChannelSettings { Mode = ModePolicy.Sfu });
        await Silo.Join("lobby", "ada", Gateway);
        await Gateway.Receives<SfuOffered>();

        // The grain forgets all, as with its silo; the node comes back with what it has.
        var node = Silo.Nodes.Find(new MediaNodeId("a"));
        var (channel, epoch) = node.Rooms.Single();
        await Forget(node);
        await Silo.Node(node).Register(node.Registration, [new(channel, epoch)]);
        Assert.That(await Silo.Notifications.Next(), Is.EqualTo($"RoomsFound a {epoch} in lobby"));

        node.Alive = false;
        await Silo.Node(node).Suspect(node.Registration.Incarnation);
        Assert.That(await Silo.Notifications.Next(), Is.EqualTo("NodeLost a in lobby"));
    }

    [Test]
    public async Task Notification_of_a_lost_node_contains_the_time_since_the_last_message_of_the_node()
    {
        var began = Stopwatch.GetTimestamp();
        var node = await NodeWithRoom("a");
        await Silo.Node(node).Suspect(node.Registration.Incarnation);
        node.Alive = false;
        await Silo.Node(node).Suspect(node.Registration.Incarnation);
        var (what, arguments) = await Silo.Notifications.NextCall();
        Assert.That(what, Is.EqualTo("NodeLost a in lobby"));
        Assert.That((TimeSpan)arguments[1]!, Is.InRange(TimeSpan.Zero, Stopwatch.GetElapsedTime(began)));
    }

    [Test]
    public async Task Draining_node_is_reported_to_the_region_and_the_channels_until_the_drain_ends()
    {
        var node = await NodeWithRoom("a");
        Assert.That(await Silo.Node(node).Drain(true), Is.EqualTo(VoiceError.None));
        Assert.That(await Silo.Notifications.Next(), Is.EqualTo("NodeDraining a in lobby"));
        Assert.That((await Region("local").GetNodes()).Single().Load.Draining);
        Assert.That(await OpenAsync(node, ChannelId.Parse("new")), Is.EqualTo(Proto.OutcomeCode.NoCapacity));
        Assert.That(await OpenAsync(node, Lobby), Is.EqualTo(Proto.OutcomeCode.Done), "what it has is renewed");

        Assert.That(await Silo.Node(node).Drain(false), Is.EqualTo(VoiceError.None));
        Assert.That((await Silo.Node(node).GetStatus())!.Load.Draining, Is.False);
        Assert.That((await Region("local").Place(Lobby, null, [])).Node, Is.EqualTo(node.Registration.Node));
    }

    [Test]
    public async Task Channels_of_a_draining_node_are_notified_again_while_rooms_remain()
    {
        var node = await NodeWithRoom("a");
        await Silo.Node(node).Heartbeat(node.Registration.Incarnation, NodeLoad.Idle with { Draining = true }, default);
        await Silo.Node(node).Heartbeat(node.Registration.Incarnation, NodeLoad.Idle with { Draining = true }, default);
        Assert.That((await Silo.Node(node).GetStatus())!.Load.Draining);
        Assert.That(await Silo.Notifications.Next(), Is.EqualTo("NodeDraining a in lobby"));
        var notified = DateTimeOffset.UtcNow;
        Assert.That(await Silo.Notifications.Next(), Is.EqualTo("NodeDraining a in lobby"));
        Assert.That(DateTimeOffset.UtcNow - notified, Is.GreaterThan(TimeSpan.FromSeconds(2)), "once at the start, then as a reminder");
    }

    [Test]
    public async Task Drain_survives_a_second_registration_but_not_a_restart_of_the_node()
    {
        var node = await NodeWithRoom("a");
        await Silo.Node(node).Drain(true);
        await Silo.Node(node).Register(node.Registration, []);
        Assert.That((await Silo.Node(node).GetStatus())!.Load.Draining, "through another gateway");

        var again = await Silo.StartNode("a");
        Assert.That((await Silo.Node(again).GetStatus())!.Load.Draining, Is.False, "started again");
    }

    [Test]
    public async Task Drain_survives_the_loss_of_the_media_node_grain_state()
    {
        var node = await NodeWithRoom("a");
        await Silo.Node(node).Drain(true);
        Assert.That(await Silo.Notifications.Next(), Is.EqualTo("NodeDraining a in lobby"));
        await Forget(node);
        await Silo.Node(node).Register(node.Registration, []);
        await OpenAsync(node, Lobby);
        await Silo.Node(node).Heartbeat(node.Registration.Incarnation, NodeLoad.Idle with { Draining = node.Draining }, default);
        Assert.That(await Silo.Notifications.Next(), Is.EqualTo("NodeDraining a in lobby"));
    }

    [Test]
    public async Task Drain_of_a_media_node_that_does_not_answer_returns_unavailable()
    {
        var node = await NodeWithRoom("a");
        node.Alive = false;
        Assert.That(await Silo.Node(node).Drain(true), Is.EqualTo(VoiceError.Unavailable));
        Assert.That((await Silo.Node(node).GetStatus())!.Load.Draining, Is.False);
    }

    [Test]
    public async Task Channel_is_returned_as_undelivered_until_the_channel_answers_the_pending_report()
    {
        var node = await NodeWithRoom("a");
        var slow = Silo.Calls.Hold("NodeReported", "slow");
        var (incarnation, attic) = (node.Registration.Incarnation, ChannelId.Parse("slow"));
        await OpenAsync(node, attic);
        Assert.That(
            await Silo.Node(node).Report(
                incarnation,
                [
                    new EndpointConnected(new MemberNumber(1)) { Channel = Lobby, Epoch = new(1) },
                    new EndpointConnected(new MemberNumber(1)) { Channel = attic, Epoch = new(1) }]),
            Is.EqualTo(new[] { attic }));
        Assert.That(
            await Silo.Node(node).Report(incarnation, [new EndpointConnected(new MemberNumber(1)) { Channel = attic, Epoch = new(1) }]),
            Is.EqualTo(new[] { attic }),
            "and is not asked twice at a time");
        slow.LetIn();
        RoomEvent[] connected = [new EndpointConnected(new MemberNumber(1)) { Channel = attic, Epoch = new(1) }];
        await Poll.UntilAsync(async () => (await Silo.Node(node).Report(incarnation, connected))!.Length == 0);
    }

    [Test]
    public async Task Events_about_rooms_that_no_channel_has_on_the_node_reach_no_channel()
    {
        var node = await NodeWithRoom("a");
        var foreign = Silo.Calls.Hold("NodeReported", "foreign");
        RoomEvent[] events =
        [
            new EndpointConnected(new MemberNumber(1)) { Channel = ChannelId.Parse("foreign"), Epoch = new(1) },
            new EndpointConnected(new MemberNumber(1)) { Channel = Lobby, Epoch = new(2) },
        ];
        Assert.That(await Silo.Node(node).Report(node.Registration.Incarnation, events), Is.Empty, "nothing waits for the channel");
        Assert.That(foreign.Came.IsCompleted, Is.False);
    }

    [Test]
    public async Task Transport_tickets_from_before_a_restart_of_the_grain_are_valid_when_the_node_is_lost()
    {
        var node = await NodeWithRoom("a");
        await Forget(node);
        await Silo.Node(node).Register(node.Registration with { AckedFor = TimeSpan.FromMinutes(1) }, []);
        await OpenAsync(node, Lobby);
        node.Alive = false;
        await Silo.Node(node).Suspect(node.Registration.Incarnation);
        var (what, arguments) = await Silo.Notifications.NextCall();
        Assert.That(what, Is.EqualTo("NodeLost a in lobby"));
        Assert.That(
            (TimeSpan)arguments[2]!,
            Is.GreaterThanOrEqualTo(TimeSpan.FromMinutes(1)),
            "its tickets of the last minute are good");
    }

    [Test]
    public async Task Drain_of_an_unknown_node_returns_unavailable_shortly_after_activation_of_the_grain() =>
        Assert.That(
            await Silo.Grains.GetGrain<IMediaNodeGrain>("nobody").Drain(true),
            Is.EqualTo(VoiceError.Unavailable),
            "it may be there, and this grain too young to know");

    [Test]
    public async Task Second_registration_of_a_node_through_another_gateway_loses_no_room()
    {
        var node = await NodeWithRoom("a");
        await Silo.Node(node).Register(node.Registration, [new(Lobby, new(1))]);
        Assert.That(await Silo.Notifications.Next(), Is.EqualTo("RoomsFound a 1 in lobby"), "and nothing was lost");
        await Silo.Node(node).Suspect(node.Registration.Incarnation);
        Assert.That(
            await Silo.Node(node).Heartbeat(node.Registration.Incarnation, null, default),
            Is.True,
            "the old stream's end is only a suspicion");
    }

    [Test]
    public async Task Registration_of_a_second_process_is_refused_while_the_first_process_answers_a_probe()
    {
        var first = await NodeWithRoom("a");
        var second = new FakeMediaNode("a");
        Assert.That(await Silo.Node(first).Register(second.Registration, []), Is.False);
        Assert.That(await Silo.Node(first).Heartbeat(first.Registration.Incarnation, null, default), Is.True);
        Assert.That(await Silo.Node(first).Heartbeat(second.Registration.Incarnation, null, default), Is.False);

        first.Alive = false;
        Assert.That(await Silo.Node(first).Register(second.Registration, []), Is.True);
        Assert.That(await Silo.Notifications.Next(), Is.EqualTo("NodeLost a in lobby"));
    }

    [Test]
    public async Task Messages_of_a_replaced_incarnation_of_a_media_node_are_ignored()
    {
        var dead = await Silo.StartNode("a");
        var alive = await Silo.StartNode("a");
        Assert.That(await Silo.Node(dead).Report(dead.Registration.Incarnation, []), Is.Null);
        await Silo.Node(dead).Suspect(dead.Registration.Incarnation);
        Assert.That(await Silo.Node(alive).Heartbeat(alive.Registration.Incarnation, null, default), Is.True);
    }

    [Test]
    public async Task Paused_silo_does_not_close_rooms_without_a_renewal_during_the_pause()
    {
        var time = new PausedTime();
        await Silo.DisposeAsync();
        Silo = await SiloInProcess.Start(Folder.Database, storage: null, time, ("Hype:NodeLease:SuspectAfter", "00:00:00.3"));
        var node = await NodeWithRoom("a");
        Silo.Gate.Close();
        await Silo.Gate.Waiting;
        time.Pause(TimeSpan.FromMinutes(1));
        Silo.Gate.Open();

        // The next check waits, so the first one after the pause has decided.
        Silo.Gate.Close();
        await Silo.Gate.Waiting;
        await OpenAsync(node, ChannelId.Parse("attic"));
        Assert.That(node.Orders, Is.EqualTo(new[] { "OpenRoom 1", "OpenRoom 1" }), "no room is closed");
        Silo.Gate.Open();
    }

    [Test]
    public async Task Silent_node_is_not_declared_lost_while_its_silo_may_not_act()
    {
        var node = await NodeWithRoom("a");
        Silo.Gate.Close();
        node.Alive = false;
        var suspected = Silo.Node(node).Suspect(node.Registration.Incarnation);
        await Silo.Gate.Waiting;
        Assert.That(await Silo.Node(node).GetStatus(), Is.Not.Null);

        Silo.Gate.Open();
        await suspected;
        Assert.That(await Silo.Notifications.Next(), Is.EqualTo("NodeLost a in lobby"));
    }

    [Test]
    public async Task Events_about_the_listed_rooms_reach_their_channels_before_the_registration_is_complete()
    {
        var node = Silo.Nodes.Start("a");
        var region = Silo.Calls.Hold(nameof(IRegionGrain.Report), "local");
        var channel = Silo.Calls.Hold(nameof(IChannelGrain.NodeReported), Lobby.Value);
        var registering = Silo.Node(node).Register(node.Registration, [new(Lobby, new(3))]);
        await region.Came;
        var reporting = Silo.Node(node).Report(
            node.Registration.Incarnation, [new EndpointConnected(new MemberNumber(1)) { Channel = Lobby, Epoch = new(3) }]);
        await channel.Came;
        channel.LetIn();
        region.LetIn();
        Assert.That(await registering, Is.True);
        await reporting;
    }

    [Test]
    public async Task Room_stays_in_use_when_the_node_refuses_the_order_of_an_earlier_activation([Values] bool closes)
    {
        var node = await NodeWithRoom("a");
        node.Refuse = _ => Proto.OutcomeCode.Superseded;
        var refused = closes ? ExecuteAsync(node, Lobby, new Proto.NodeOrder { CloseRoom = new() }) : OpenAsync(node, Lobby);
        Assert.That(await refused, Is.EqualTo(Proto.OutcomeCode.Superseded));

        var channel = Silo.Calls.Hold(nameof(IChannelGrain.NodeReported), Lobby.Value);
        var reporting = Silo.Node(node).Report(
            node.Registration.Incarnation, [new EndpointConnected(new MemberNumber(1)) { Channel = Lobby, Epoch = new(1) }]);
        await channel.Came;
        channel.LetIn();
        await reporting;
    }

    private Task<Proto.OutcomeCode> OpenAsync(FakeMediaNode node, ChannelId channel) =>
        ExecuteAsync(node, channel, new Proto.NodeOrder { OpenRoom = new() { Slots = 3, Identity = new() } });

    private async Task<Proto.OutcomeCode> ExecuteAsync(FakeMediaNode node, ChannelId channel, Proto.NodeOrder order)
    {
        order.Room = new() { Channel = channel.Value, Epoch = 1 };
        var grain = Silo.Grains.GetGrain<IMediaNodeOrdersGrain>(node.Registration.Node.Value);
        return (await grain.Execute(EncodedOrders.Of(new() { Orders = { order } }))).Decode().Outcomes.Single().Code;
    }

    /// <summary>Deactivates the node's grain, which loses its state as in a failure of its silo.</summary>
    private async Task Forget(FakeMediaNode node)
    {
        await Silo.Node(node).AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        await Poll.UntilAsync(async () => await Silo.Node(node).GetStatus() is null);
    }

    private async Task<FakeMediaNode> NodeWithRoom(string id)
    {
        var node = await Silo.StartNode(id);
        await OpenAsync(node, Lobby);
        return node;
    }

    [Test]
    public async Task DTLS_certificate_of_the_cluster_is_the_same_in_each_call() => Assert.That(
        (await Silo.Grains.GetGrain<IDtlsIdentityGrain>(0).Get()).Fingerprint,
        Is.EqualTo((await Silo.Grains.GetGrain<IDtlsIdentityGrain>(0).Get()).Fingerprint));
}
