using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Placement;

namespace Hype.Grains.Tests.Placement;

/// <summary>Tests the choice of a node by load, drain and the node that already holds the channel.</summary>
public sealed class NodePlacementTests
{
    private static readonly NodePlacement Placement = new(new StickyPlacement(new LessLoadedOfTwo(new Random(1))), new PlacementOptions());

    private static NodeStatus Node(string id, double load, bool draining = false) => new()
    {
        Registration = new()
        {
            Node = new(id),
            Region = new("local"),
            Incarnation = Guid.Empty,
            ControlUrl = "",
            Version = "",
            Workers = 1,
        },
        Load = new() { Load = load, Draining = draining },
        LastHeartbeat = default,
    };

    private static string? Place(NodeStatus[] nodes, string? sticky = null, params string[] avoid) =>
        Placement.WithRoom(
            nodes, sticky is null ? null : new MediaNodeId(sticky), [.. avoid.Select(id => new MediaNodeId(id))])?.Registration.Node.Value;

    [Test]
    public void Node_that_already_holds_the_channel_is_chosen() =>
        Assert.That(Enumerable.Range(0, 50).Select(_ => Place([Node("a", 0.1), Node("b", 0.7)], sticky: "b")), Is.All.EqualTo("b"));

    [Test]
    public void Draining_overloaded_or_avoided_node_is_not_chosen_even_if_the_node_holds_the_channel()
    {
        Assert.That(Place([Node("a", 0.1), Node("b", 0, draining: true)], sticky: "b"), Is.EqualTo("a"));
        Assert.That(Place([Node("a", 0.1), Node("b", 0.81)], sticky: "b"), Is.EqualTo("a"));
        Assert.That(Place([Node("a", 0.1), Node("b", 0)], "b", "b"), Is.EqualTo("a"));
    }

    [Test]
    public void Less_loaded_of_two_nodes_is_chosen() =>
        Assert.That(Enumerable.Range(0, 50).Select(_ => Place([Node("a", 0.2), Node("b", 0.3)])), Is.All.EqualTo("a"));

    [Test]
    public void All_nodes_except_the_most_loaded_node_are_chosen_in_some_placements()
    {
        var nodes = Enumerable.Range(0, 5).Select(index => Node($"n{index}", index / 10.0)).ToArray();
        var taken = Enumerable.Range(0, 2000).Select(_ => Place(nodes)!).CountBy(id => id).ToDictionary();
        Assert.That(taken.Keys, Is.EquivalentTo(new[] { "n0", "n1", "n2", "n3" }));
        Assert.That(taken["n0"], Is.GreaterThan(taken["n1"]).And.GreaterThan(taken["n3"]).And.LessThan(1200));
    }

    [Test]
    public void Node_at_the_load_limit_still_has_capacity() => Assert.That(Place([Node("a", 0.8)]), Is.EqualTo("a"));

    [Test]
    public void No_node_is_chosen_if_all_nodes_are_draining_or_above_the_load_limit()
    {
        Assert.That(Place([]), Is.Null);
        Assert.That(Place([Node("a", 0.81), Node("b", 0, draining: true)]), Is.Null);
    }

    [Test]
    public void Least_loaded_node_below_full_load_is_chosen_when_all_nodes_exceed_the_load_limit()
    {
        Assert.That(Crowded([Node("a", 0.95), Node("b", 0.9), Node("c", 0, draining: true)]), Is.EqualTo("b"));
        Assert.That(Crowded([Node("a", 1)]), Is.Null);
        Assert.That(Crowded([Node("a", 0.9)], null, "a"), Is.Null);
    }

    [Test]
    public void Node_of_the_channel_is_chosen_despite_a_load_above_the_limit_unless_the_node_is_full()
    {
        Assert.That(Crowded([Node("a", 0.95), Node("b", 0.9)], sticky: "a"), Is.EqualTo("a"));
        Assert.That(Crowded([Node("a", 1), Node("b", 0.9)], sticky: "a"), Is.EqualTo("b"));
    }

    private static string? Crowded(NodeStatus[] nodes, string? sticky = null, params string[] avoid) =>
        Placement.Crowded(
            nodes, sticky is null ? null : new MediaNodeId(sticky), [.. avoid.Select(id => new MediaNodeId(id))])?.Registration.Node.Value;
}
