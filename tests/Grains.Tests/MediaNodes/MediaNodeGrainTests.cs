using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Regions;
using Hype.Grains.Tests.Testing;
using Orleans.Core.Internal;

namespace Hype.Grains.Tests.MediaNodes;

/// <summary>A node's lease and its place in its region, in a real silo.</summary>
public sealed class MediaNodeGrainTests
{
    private TemporaryFolder _folder = null!;
    private SiloInProcess _silo = null!;

    [SetUp]
    public async Task StartSilo()
    {
        _folder = new TemporaryFolder();
        _silo = await SiloInProcess.Start(
            _folder.Database,
            ("Hype:Regions:Nearest:local:0", "near"),
            ("Hype:Regions:Nearest:near:0", "local"));
    }

    [TearDown]
    public async Task StopSilo()
    {
        await _silo.DisposeAsync();
        _folder.Dispose();
    }

    private IRegionGrain Region(string id) => _silo.Grains.GetGrain<IRegionGrain>(id);

    private static ChannelId Lobby => ChannelId.Parse("lobby");

    [Test]
    public async Task Only_the_registered_incarnation_beats()
    {
        var node = await _silo.StartNode("a");
        Assert.That(await _silo.Node(node).Beat(node.Registration.Incarnation, NodeLoad.Idle with { Load = 0.4 }, default), Is.True);
        Assert.That(await _silo.Node(node).Beat(Guid.NewGuid(), null, default), Is.False);
        Assert.That((await Region("local").GetNodes()).Single().Load.Load, Is.EqualTo(0.4));
    }

    [Test]
    public async Task A_suspicion_that_the_probe_does_not_confirm_changes_nothing()
    {
        var node = await _silo.StartNode("a");
        await _silo.Node(node).Suspect(node.Registration.Incarnation);
        Assert.That(await _silo.Node(node).GetStatus(), Is.Not.Null);
        Assert.That((await Region("local").Place(Lobby, null, [])).Node, Is.EqualTo(node.Registration.Node));
    }

    [Test]
    public async Task A_dead_node_is_gone_from_its_region_and_takes_no_orders()
    {
        var node = await _silo.StartNode("a");
        node.Alive = false;
        await _silo.Node(node).Suspect(node.Registration.Incarnation);
        Assert.That(await _silo.Node(node).GetStatus(), Is.Null);
        Assert.That(await _silo.Node(node).Beat(node.Registration.Incarnation, null, default), Is.False);
        Assert.That((await Region("local").Place(Lobby, null, [])).Error, Is.EqualTo(VoiceError.NoMediaNode));
        Assert.That(await _silo.Node(node).UpdateEndpoint(Lobby, new(1), new MemberNumber(1), true, true), Is.EqualTo(VoiceError.Unavailable));
    }

    [Test]
    public async Task A_node_that_was_restarted_first_loses_the_rooms_it_had()
    {
        await _silo.StartNode("a");
        var gateway = new RecordingGateway("g1");
        await _silo.Channel("lobby").UpdateSettings(new ChannelSettings { Mode = ModePolicy.Sfu });
        await _silo.Join("lobby", "ada", gateway);
        var first = await gateway.Hears<SfuOffered>();

        var again = await _silo.StartNode("a");

        // The room has another epoch, the layout has not.
        await gateway.Hears<SfuOffered>(offered => offered.Offer.IceUfrag != first.Offer.IceUfrag);
        var (channel, epoch) = again.Rooms.Single();
        Assert.That((channel, epoch > new RoomEpoch(1)), Is.EqualTo((Lobby, true)));
    }

    [Test]
    public async Task A_region_without_room_falls_over_to_the_nearest()
    {
        var far = _silo.Nodes.Start("far");
        await _silo.Node(far).Register(far.Registration with { Region = new RegionId("near") }, []);
        var placed = await Region("local").Place(Lobby, null, []);
        Assert.That((placed.Error, placed.Node.Value, placed.Region.Value), Is.EqualTo((VoiceError.None, "far", "near")));
        Assert.That((await Region("local").Place(Lobby, null, [new MediaNodeId("far")])).Error, Is.EqualTo(VoiceError.NoMediaNode));
    }

    [Test]
    public async Task A_draining_node_gets_no_new_room()
    {
        var node = await _silo.StartNode("a");
        await _silo.Node(node).Beat(node.Registration.Incarnation, NodeLoad.Idle with { Draining = true }, default);
        Assert.That((await Region("local").Place(Lobby, null, [])).Error, Is.EqualTo(VoiceError.NoMediaNode));
    }

    [Test]
    public async Task Rooms_that_a_node_still_has_are_shown_to_their_channels()
    {
        var node = _silo.Nodes.Start("a");
        await _silo.Node(node).Register(node.Registration, [new(Lobby, new(3)), new(Lobby, new(5)), new(ChannelId.Parse("attic"), new(2))]);
        Assert.That(new[] { await _silo.Told.Next(), await _silo.Told.Next() }, Is.EquivalentTo(new[] { "RoomsFound a 3,5 in lobby", "RoomsFound a 2 in attic" }));
    }

    [Test]
    public async Task A_room_that_a_node_still_has_is_lost_with_it_although_this_grain_never_opened_it()
    {
        await _silo.StartNode("a");
        var gateway = new RecordingGateway("g1");
        await _silo.Channel("lobby").UpdateSettings(new ChannelSettings { Mode = ModePolicy.Sfu });
        await _silo.Join("lobby", "ada", gateway);
        await gateway.Hears<SfuOffered>();

        // The grain forgets all, as with its silo; the node comes back with what it has.
        var node = _silo.Nodes.Find(new MediaNodeId("a"));
        var (channel, epoch) = node.Rooms.Single();
        await Forget(node);
        await _silo.Node(node).Register(node.Registration, [new(channel, epoch)]);
        Assert.That(await _silo.Told.Next(), Is.EqualTo($"RoomsFound a {epoch} in lobby"));

        node.Alive = false;
        await _silo.Node(node).Suspect(node.Registration.Incarnation);
        Assert.That(await _silo.Told.Next(), Is.EqualTo("NodeLost a in lobby"));
    }

    [Test]
    public async Task A_channel_that_loses_its_node_hears_when_the_node_was_last_heard()
    {
        var before = DateTimeOffset.UtcNow;
        var node = await NodeWithRoom("a");
        await _silo.Node(node).Suspect(node.Registration.Incarnation);
        node.Alive = false;
        await _silo.Node(node).Suspect(node.Registration.Incarnation);
        var (what, arguments) = await _silo.Told.NextCall();
        Assert.That(what, Is.EqualTo("NodeLost a in lobby"));
        Assert.That((DateTimeOffset)arguments[1]!, Is.InRange(before, DateTimeOffset.UtcNow));
    }

    [Test]
    public async Task An_order_to_drain_reaches_the_region_and_the_channels_and_is_taken_back()
    {
        var node = await NodeWithRoom("a");
        Assert.That(await _silo.Node(node).Drain(true), Is.EqualTo(VoiceError.None));
        Assert.That(await _silo.Told.Next(), Is.EqualTo("NodeDraining a in lobby"));
        Assert.That((await Region("local").GetNodes()).Single().Draining);
        Assert.That((await _silo.Node(node).OpenRoom(ChannelId.Parse("new"), new(1), Identity)).Error, Is.EqualTo(VoiceError.NoMediaNode));
        Assert.That((await _silo.Node(node).OpenRoom(Lobby, new(1), Identity)).Error, Is.EqualTo(VoiceError.None), "what it has is renewed");

        Assert.That(await _silo.Node(node).Drain(false), Is.EqualTo(VoiceError.None));
        Assert.That((await _silo.Node(node).GetStatus())!.Draining, Is.False);
        Assert.That((await Region("local").Place(Lobby, null, [])).Node, Is.EqualTo(node.Registration.Node));
    }

    [Test]
    public async Task A_node_that_says_it_drains_is_left_by_its_channels_who_are_told_again_while_rooms_remain()
    {
        var node = await NodeWithRoom("a");
        await _silo.Node(node).Beat(node.Registration.Incarnation, NodeLoad.Idle with { Draining = true }, default);
        await _silo.Node(node).Beat(node.Registration.Incarnation, NodeLoad.Idle with { Draining = true }, default);
        Assert.That((await _silo.Node(node).GetStatus())!.Draining);
        Assert.That(await _silo.Told.Next(), Is.EqualTo("NodeDraining a in lobby"));
        var told = DateTimeOffset.UtcNow;
        Assert.That(await _silo.Told.Next(), Is.EqualTo("NodeDraining a in lobby"));
        Assert.That(DateTimeOffset.UtcNow - told, Is.GreaterThan(TimeSpan.FromSeconds(2)), "once per beginning, then as a reminder");
    }

    [Test]
    public async Task An_order_to_drain_outlives_a_lost_stream_and_not_the_process()
    {
        var node = await NodeWithRoom("a");
        await _silo.Node(node).Drain(true);
        await _silo.Node(node).Register(node.Registration, []);
        Assert.That((await _silo.Node(node).GetStatus())!.Draining, "through another gateway");

        var again = await _silo.StartNode("a");
        Assert.That((await _silo.Node(again).GetStatus())!.Draining, Is.False, "started again");
    }

    [Test]
    public async Task An_order_to_drain_outlives_the_grain_because_the_node_says_it()
    {
        var node = await NodeWithRoom("a");
        await _silo.Node(node).Drain(true);
        Assert.That(await _silo.Told.Next(), Is.EqualTo("NodeDraining a in lobby"));
        await Forget(node);
        await _silo.Node(node).Register(node.Registration, []);
        await _silo.Node(node).OpenRoom(Lobby, new(1), Identity);
        await _silo.Node(node).Beat(node.Registration.Incarnation, NodeLoad.Idle with { Draining = node.Draining }, default);
        Assert.That(await _silo.Told.Next(), Is.EqualTo("NodeDraining a in lobby"));
    }

    [Test]
    public async Task An_order_that_the_node_did_not_hear_is_not_said_to_be_done()
    {
        var node = await NodeWithRoom("a");
        node.Alive = false;
        Assert.That(await _silo.Node(node).Drain(true), Is.EqualTo(VoiceError.Unavailable));
        Assert.That((await _silo.Node(node).GetStatus())!.Draining, Is.False);
    }

    [Test]
    public async Task A_channel_that_does_not_answer_holds_nobody_up_and_is_named()
    {
        var node = await NodeWithRoom("a");
        var slow = _silo.Calls.Hold("NodeReported", "slow");
        var (incarnation, attic) = (node.Registration.Incarnation, ChannelId.Parse("slow"));
        Assert.That(
            await _silo.Node(node).Report(incarnation, [new EndpointConnected(new MemberNumber(1)) { Channel = Lobby, Epoch = new(1) }, new EndpointConnected(new MemberNumber(1)) { Channel = attic, Epoch = new(1) }]),
            Is.EqualTo(new[] { attic }));
        Assert.That(
            await _silo.Node(node).Report(incarnation, [new EndpointConnected(new MemberNumber(1)) { Channel = attic, Epoch = new(1) }]), Is.EqualTo(new[] { attic }), "and is not asked twice at a time");
        slow.LetIn();
        while ((await _silo.Node(node).Report(incarnation, [new EndpointConnected(new MemberNumber(1)) { Channel = attic, Epoch = new(1) }]))!.Length > 0)
            await Task.Yield();
    }

    [Test]
    public async Task A_node_that_is_lost_soon_after_its_grain_takes_no_tickets_along()
    {
        var node = await NodeWithRoom("a");
        await Forget(node);
        await _silo.Node(node).Register(node.Registration with { HeardFor = TimeSpan.FromMinutes(1) }, []);
        await _silo.Node(node).OpenRoom(Lobby, new(1), Identity);
        node.Alive = false;
        await _silo.Node(node).Suspect(node.Registration.Incarnation);
        var (what, arguments) = await _silo.Told.NextCall();
        Assert.That(what, Is.EqualTo("NodeLost a in lobby"));
        Assert.That(DateTimeOffset.UtcNow - (DateTimeOffset)arguments[2]!, Is.GreaterThanOrEqualTo(TimeSpan.FromMinutes(1)), "its tickets of the last minute are good");
    }

    [Test]
    public async Task Nobody_drains_a_node_that_is_not_there() =>
        Assert.That(await _silo.Grains.GetGrain<IMediaNodeGrain>("nobody").Drain(true), Is.EqualTo(VoiceError.Unavailable), "it may be there, and this grain too young to know");

    [Test]
    public async Task The_same_incarnation_may_come_through_another_gateway_while_its_old_stream_lives()
    {
        var node = await NodeWithRoom("a");
        await _silo.Node(node).Register(node.Registration, [new(Lobby, new(1))]);
        Assert.That(await _silo.Told.Next(), Is.EqualTo("RoomsFound a 1 in lobby"), "and nothing was lost");
        await _silo.Node(node).Suspect(node.Registration.Incarnation);
        Assert.That(await _silo.Node(node).Beat(node.Registration.Incarnation, null, default), Is.True, "the old stream's end is only a suspicion");
    }

    [Test]
    public async Task What_a_dead_incarnation_says_late_does_not_count()
    {
        var dead = await _silo.StartNode("a");
        var alive = await _silo.StartNode("a");
        Assert.That(await _silo.Node(dead).Report(dead.Registration.Incarnation, []), Is.Null);
        await _silo.Node(dead).Suspect(dead.Registration.Incarnation);
        Assert.That(await _silo.Node(alive).Beat(alive.Registration.Incarnation, null, default), Is.True);
    }

    private static DtlsIdentity Identity => new([1], [2], "F");

    /// <summary>As its silo's death would.</summary>
    private async Task Forget(FakeMediaNode node)
    {
        await _silo.Node(node).AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        while (await _silo.Node(node).GetStatus() is not null)
            await Task.Yield();
    }

    private async Task<FakeMediaNode> NodeWithRoom(string id)
    {
        var node = await _silo.StartNode(id);
        await _silo.Node(node).OpenRoom(Lobby, new(1), Identity);
        return node;
    }

    [Test]
    public async Task The_cluster_has_one_dtls_identity() => Assert.That(
        (await _silo.Grains.GetGrain<IDtlsIdentityGrain>(0).Get()).Fingerprint,
        Is.EqualTo((await _silo.Grains.GetGrain<IDtlsIdentityGrain>(0).Get()).Fingerprint));
}
