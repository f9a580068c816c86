using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Placement;

/// <summary>
/// Which node carries a channel. Of the nodes that are neither draining nor to be avoided, those with room come first, region
/// by region from the nearest; only when none has room anywhere, one that is not full, so that a crowd is served badly rather than
/// not at all.
/// </summary>
internal sealed class NodePlacement(IPlacementPolicy policy, PlacementOptions options)
{
    /// <summary>At a load of 1 a node has nothing left at all.</summary>
    private const double Full = 1;

    /// <summary>One with room in this region; null when there is none.</summary>
    public NodeStatus? WithRoom(IEnumerable<NodeStatus> region, MediaNodeId? sticky, IReadOnlyCollection<MediaNodeId> avoid)
    {
        var nodes = Usable(region, avoid).Where(node => node.Load.Load <= options.LoadLimit).ToArray();
        return nodes.Length == 0 ? null : policy.Choose(nodes, sticky);
    }

    /// <summary>
    /// When none has room: where the channel is, else the least loaded anywhere. A crowd that went looking for the least loaded node
    /// would open another room, with links to all the others, for nearly everyone who comes.
    /// </summary>
    public NodeStatus? Crowded(IEnumerable<NodeStatus> everywhere, MediaNodeId? sticky, IReadOnlyCollection<MediaNodeId> avoid) =>
        Usable(everywhere, avoid)
            .Where(node => node.Load.Load < Full)
            .MinBy(node => (node.Registration.Node != sticky, node.Load.Load));

    private static IEnumerable<NodeStatus> Usable(IEnumerable<NodeStatus> nodes, IReadOnlyCollection<MediaNodeId> avoid) =>
        nodes.Where(node => !node.Load.Draining && !avoid.Contains(node.Registration.Node));
}
