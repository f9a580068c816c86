using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Placement;

/// <summary>
/// Chooses the node for a room, never a draining or an avoided one. It prefers a node that is not above the load limit
/// (<see cref="PlacementOptions.LoadLimit"/>), region by region from the nearest. If every node is above that limit, it chooses one with a
/// load below 1, because poor service is better than none.
/// </summary>
internal sealed class NodePlacement(IPlacementPolicy policy, PlacementOptions options)
{
    /// <summary>The load at which a node has no resources left.</summary>
    private const double Full = 1;

    /// <summary>Returns a node of this region that is not above the load limit; null if there is none.</summary>
    public NodeStatus? WithRoom(IEnumerable<NodeStatus> region, MediaNodeId? sticky, IReadOnlyCollection<MediaNodeId> avoid)
    {
        var nodes = Usable(region, avoid).Where(node => node.Load.Load <= options.LoadLimit).ToArray();
        return nodes.Length == 0 ? null : policy.Choose(nodes, sticky);
    }

    /// <summary>
    /// Returns a node above the load limit, for the case that all nodes are: the node that already holds the channel, or else the least
    /// loaded one. If the least loaded one were always chosen, nearly every joining member would open another room, with links to all
    /// others.
    /// </summary>
    public NodeStatus? Crowded(IEnumerable<NodeStatus> everywhere, MediaNodeId? sticky, IReadOnlyCollection<MediaNodeId> avoid) =>
        Usable(everywhere, avoid)
            .Where(node => node.Load.Load < Full)
            .MinBy(node => (node.Registration.Node != sticky, node.Load.Load));

    private static IEnumerable<NodeStatus> Usable(IEnumerable<NodeStatus> nodes, IReadOnlyCollection<MediaNodeId> avoid) =>
        nodes.Where(node => !node.Load.Draining && !avoid.Contains(node.Registration.Node));
}
