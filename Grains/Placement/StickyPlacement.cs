using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Placement;

/// <summary>
/// Chooses the node that already holds the channel, because a move to another node costs each member a new connection. If that node is not
/// usable, the next policy chooses.
/// </summary>
internal sealed class StickyPlacement(IPlacementPolicy otherwise) : IPlacementPolicy
{
    public NodeStatus Choose(IReadOnlyList<NodeStatus> nodes, MediaNodeId? sticky) =>
        nodes.FirstOrDefault(node => node.Registration.Node == sticky) ?? otherwise.Choose(nodes, sticky);
}
