using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Regions;
using Hype.Grains.Tests.Testing;

namespace Hype.Grains.Tests.Regions;

/// <summary>Tests the placement of rooms by a region's grain in a real silo.</summary>
public sealed class RegionGrainTests() : SharedSiloFixture(
    ("Hype:Regions:Nearest:home:0", "away"), ("Hype:Regions:Nearest:away:0", "home"))
{
    private static readonly ChannelId Lobby = ChannelId.Parse("lobby");

    private IRegionGrain Region(string name) => Silo.Grains.GetGrain<IRegionGrain>(name);

    private NodeStatus Node(string id, string region) => new()
    {
        Registration = Silo.Nodes.Start(id).Registration with { Region = new RegionId(region) },
        Load = NodeLoad.Idle,
        LastHeartbeat = default,
    };

    [Test]
    public async Task Newly_activated_region_waits_for_a_node_report_before_using_another_region()
    {
        await Region("away").Report(Node("far", "away"), new(1, 1));
        var placing = Region("home").Place(Lobby, null, []);
        await Region("home").Report(Node("near", "home"), new(1, 1));
        Assert.That((await placing).Node?.Value, Is.EqualTo("near"));
    }

    [Test]
    public async Task Region_without_node_reports_returns_no_node_after_the_initial_wait() =>
        Assert.That((await Region("empty").Place(Lobby, null, [new MediaNodeId("far"), new MediaNodeId("near")])).Node, Is.Null);

    [Test]
    public async Task Report_that_arrives_after_a_newer_one_changes_nothing()
    {
        var node = Node("overtaken", "order");
        await Region("order").Report(node with { Load = node.Load with { Load = 0.8 } }, new(1, 2));
        await Region("order").Report(node, new(1, 1));
        Assert.That((await Region("order").GetNodes()).Single().Load.Load, Is.EqualTo(0.8));

        await Region("order").Remove(node.Registration.Node, new(1, 4));
        await Region("order").Report(node, new(1, 3));
        Assert.That(await Region("order").GetNodes(), Is.Empty, "the node is lost");

        // The clocks of two silos may differ, so the numbers of two activations of the node's grain have no order.
        await Region("order").Report(node, new(0, 1));
        Assert.That(await Region("order").GetNodes(), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Rooms_placed_between_two_reports_are_spread_over_the_nodes()
    {
        await Region("pair").Report(Node("one", "pair"), new(1, 1));
        await Region("pair").Report(Node("other", "pair"), new(1, 1));
        var placed =
            await Task.WhenAll(Enumerable.Range(0, 10).Select(index => Region("pair").Place(ChannelId.Parse($"c{index}"), null, [])));
        Assert.That(placed.Count(result => result.Node?.Value == "one"), Is.InRange(4, 6));
        Assert.That(placed.Count(result => result.Node?.Value == "other"), Is.InRange(4, 6));
    }
}
