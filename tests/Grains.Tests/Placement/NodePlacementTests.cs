using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Placement;

namespace Hype.Grains.Tests.Placement;

public sealed class NodePlacementTests
{
    private static readonly NodePlacement Placement = new(new StickyPlacement(new LessLoadedOfTwo(new Random(1))), new PlacementOptions());

    private static NodeStatus Node(string id, double load, bool draining = false) => new()
    {
        Registration = new() { Node = new(id), Region = new("local"), Incarnation = Guid.Empty, ControlUrl = "", Version = "", Workers = 1 },
        Load = new() { Load = load, Draining = draining },
        LastHeartbeat = default,
    };

    private static string? Place(NodeStatus[] nodes, string? sticky = null, params string[] avoid) =>
        Placement.WithRoom(nodes, sticky is null ? null : new MediaNodeId(sticky), [.. avoid.Select(id => new MediaNodeId(id))])?.Registration.Node.Value;

    [Test]
    public void The_channel_stays_where_it_is() =>
        Assert.That(Enumerable.Range(0, 50).Select(_ => Place([Node("a", 0.1), Node("b", 0.7)], sticky: "b")), Is.All.EqualTo("b"));

    [Test]
    public void It_leaves_a_node_that_drains_is_too_loaded_or_is_to_be_avoided()
    {
        Assert.That(Place([Node("a", 0.1), Node("b", 0, draining: true)], sticky: "b"), Is.EqualTo("a"));
        Assert.That(Place([Node("a", 0.1), Node("b", 0.81)], sticky: "b"), Is.EqualTo("a"));
        Assert.That(Place([Node("a", 0.1), Node("b", 0)], "b", "b"), Is.EqualTo("a"));
    }

    [Test]
    public void Of_two_the_less_loaded_is_taken() =>
        Assert.That(Enumerable.Range(0, 50).Select(_ => Place([Node("a", 0.2), Node("b", 0.3)])), Is.All.EqualTo("a"));

    [Test]
    public void Of_many_all_but_the_most_loaded_get_their_share()
    {
        var nodes = Enumerable.Range(0, 5).Select(index => Node($"n{index}", index / 10.0)).ToArray();
        var taken = Enumerable.Range(0, 2000).Select(_ => Place(nodes)!).CountBy(id => id).ToDictionary();
        Assert.That(taken.Keys, Is.EquivalentTo(new[] { "n0", "n1", "n2", "n3" }));
        Assert.That(taken["n0"], Is.GreaterThan(taken["n1"]).And.GreaterThan(taken["n3"]).And.LessThan(1200));
    }

    [Test]
    public void The_load_limit_itself_is_still_room() => Assert.That(Place([Node("a", 0.8)]), Is.EqualTo("a"));

    [Test]
    public void Without_room_there_is_none()
    {
        Assert.That(Place([]), Is.Null);
        Assert.That(Place([Node("a", 0.81), Node("b", 0, draining: true)]), Is.Null);
    }

    [Test]
    public void When_none_has_room_the_least_loaded_serves_badly_rather_than_not_at_all()
    {
        Assert.That(Crowded([Node("a", 0.95), Node("b", 0.9), Node("c", 0, draining: true)]), Is.EqualTo("b"));
        Assert.That(Crowded([Node("a", 1)]), Is.Null);
        Assert.That(Crowded([Node("a", 0.9)], null, "a"), Is.Null);
    }

    [Test]
    public void When_none_has_room_the_channel_stays_where_it_is_unless_that_is_full()
    {
        Assert.That(Crowded([Node("a", 0.95), Node("b", 0.9)], sticky: "a"), Is.EqualTo("a"));
        Assert.That(Crowded([Node("a", 1), Node("b", 0.9)], sticky: "a"), Is.EqualTo("b"));
    }

    private static string? Crowded(NodeStatus[] nodes, string? sticky = null, params string[] avoid) =>
        Placement.Crowded(nodes, sticky is null ? null : new MediaNodeId(sticky), [.. avoid.Select(id => new MediaNodeId(id))])?.Registration.Node.Value;
}
