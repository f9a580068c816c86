using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Regions;

namespace Hype.Grains.Tests.Cluster;

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
        Assert.That(await _silo.Node(node).Beat(node.Registration.Incarnation, NodeLoad.Idle with { Load = 0.4 }), Is.True);
        Assert.That(await _silo.Node(node).Beat(Guid.NewGuid(), null), Is.False);
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
        Assert.That(await _silo.Node(node).Beat(node.Registration.Incarnation, null), Is.False);
        Assert.That((await Region("local").Place(Lobby, null, [])).Error, Is.EqualTo(VoiceError.NoMediaNode));
        Assert.That(await _silo.Node(node).UpdateEndpoint(Lobby, 1, 1, true, true), Is.EqualTo(VoiceError.Unavailable));
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
        Assert.That(again.Rooms, Is.EqualTo(new[] { (Lobby, 2) }));
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
        await _silo.Node(node).Beat(node.Registration.Incarnation, NodeLoad.Idle with { Draining = true });
        Assert.That((await Region("local").Place(Lobby, null, [])).Error, Is.EqualTo(VoiceError.NoMediaNode));
    }

    [Test]
    public async Task The_cluster_has_one_dtls_identity() => Assert.That(
        (await _silo.Grains.GetGrain<IDtlsIdentityGrain>(0).Get()).Fingerprint,
        Is.EqualTo((await _silo.Grains.GetGrain<IDtlsIdentityGrain>(0).Get()).Fingerprint));
}
