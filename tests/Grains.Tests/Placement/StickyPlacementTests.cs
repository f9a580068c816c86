using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Placement;
using Hype.Grains.Tests.Testing;

namespace Hype.Grains.Tests.Placement;

public sealed class StickyPlacementTests
{
    private static readonly NodeStatus[] Nodes = [Status("a"), Status("b"), Status("c")];

    [TestCase("b", "b", Description = "the node of the channel")]
    [TestCase("x", "c", Description = "the node of the channel is not usable")]
    [TestCase(null, "c", Description = "the channel has no node")]
    public void Node_that_holds_the_channel_is_preferred_to_the_choice_of_the_next_policy(string? sticky, string expected)
    {
        var placement = new StickyPlacement(new LastNode());
        var chosen = placement.Choose(Nodes, sticky is null ? null : new MediaNodeId(sticky));
        Assert.That(chosen.Registration.Node.Value, Is.EqualTo(expected));
    }

    private static NodeStatus Status(string id) =>
        new() { Registration = new FakeMediaNode(id).Registration, Load = new(), LastHeartbeat = default };

    private sealed class LastNode : IPlacementPolicy
    {
        public NodeStatus Choose(IReadOnlyList<NodeStatus> nodes, MediaNodeId? sticky) => nodes[^1];
    }
}
