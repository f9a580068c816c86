using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Placement;

/// <summary>
/// Chooses the less loaded one of two random nodes. Reported loads are up to a second old; if each channel chose the least loaded of all
/// nodes, all channels placed within that second would go to the same node.
/// </summary>
internal sealed class LessLoadedOfTwo(Random random) : IPlacementPolicy
{
    public NodeStatus Choose(IReadOnlyList<NodeStatus> nodes, MediaNodeId? sticky)
    {
        var first = random.Next(nodes.Count);
        if (nodes.Count == 1)
            return nodes[first];
        // Any node but the first: skip it.
        var second = random.Next(nodes.Count - 1);
        if (second >= first)
            second++;
        return nodes[first].Load.Load <= nodes[second].Load.Load ? nodes[first] : nodes[second];
    }
}
