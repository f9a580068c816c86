using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Placement;

namespace Hype.Grains.Tests.Placement.Simulation;

/// <summary>
/// A way to choose one of the nodes with capacity. The rules of the product decide for every strategy which nodes have capacity.
/// </summary>
internal sealed record Strategy(string Name, Func<Random, IPlacementPolicy> Policy, bool CountsPending)
{
    public static readonly Strategy Product =
        new("two random, counting what was just placed", random => new StickyPlacement(new LessLoadedOfTwo(random)), true);

    public static readonly Strategy TwoRandom =
        new("two random, reports only", random => new StickyPlacement(new LessLoadedOfTwo(random)), false);

    public static readonly Strategy LeastCounting =
        new("least loaded of all, counting what was just placed", _ => new StickyPlacement(new LeastLoaded()), true);

    public static readonly Strategy Least = new("least loaded of all, reports only", _ => new StickyPlacement(new LeastLoaded()), false);

    public static readonly Strategy Any = new("any at random", random => new StickyPlacement(new AnyNode(random)), false);

    private sealed class LeastLoaded : IPlacementPolicy
    {
        public NodeStatus Choose(IReadOnlyList<NodeStatus> nodes, MediaNodeId? sticky) => nodes.MinBy(node => node.Load.Load)!;
    }

    private sealed class AnyNode(Random random) : IPlacementPolicy
    {
        public NodeStatus Choose(IReadOnlyList<NodeStatus> nodes, MediaNodeId? sticky) => nodes[random.Next(nodes.Count)];
    }
}
