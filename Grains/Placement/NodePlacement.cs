using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Placement;

/// <summary>
/// Chooses the node for a room. Draining and avoided nodes are excluded. Nodes with capacity come first, region by region from the
/// nearest. If no node has capacity anywhere, a node that is not full is chosen: poor service is better than none.
/// </summary>
internal sealed class NodePlacement(IPlacementPolicy policy, PlacementOptions options)
{
    /// <summary>A node with a load of 1 has no resources left.</summary>
    private const double Full = 1;

    /// <summary>Returns a node with capacity in this region; null if there is none.</summary>
    public NodeStatus? WithRoom(IEnumerable<NodeStatus> region, MediaNodeId? sticky, IReadOnlyCollection<MediaNodeId> avoid)
    {
        var nodes = Usable(region, avoid).Where(node => node.Load.Load <= options.LoadLimit).ToArray();
        return nodes.Length == 0 ? null : policy.Choose(nodes, sticky);
    }

    /// <summary>
    /// Returns the channel's node, else the least loaded one anywhere, for the case that no node has capacity. If a crowd always went to
    /// the least loaded node, nearly every joining member would open another room, with links to all others.
    /// </summary>
    public NodeStatus? Crowded(IEnumerable<NodeStatus> everywhere, MediaNodeId? sticky, IReadOnlyCollection<MediaNodeId> avoid) =>
        Usable(everywhere, avoid)
            .Where(node => node.Load.Load < Full)
            .MinBy(node => (node.Registration.Node != sticky, node.Load.Load));

    private static IEnumerable<NodeStatus> Usable(IEnumerable<NodeStatus> nodes, IReadOnlyCollection<MediaNodeId> avoid) =>
        nodes.Where(node => !node.Load.Draining && !avoid.Contains(node.Registration.Node));
}
