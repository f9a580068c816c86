using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Placement;

/// <summary>
/// Chooses the node that already holds the channel: a move costs each member a new connection. Otherwise asks the next policy.
/// </summary>
internal sealed class StickyPlacement(IPlacementPolicy otherwise) : IPlacementPolicy
{
    public NodeStatus Choose(IReadOnlyList<NodeStatus> nodes, MediaNodeId? sticky) =>
        nodes.FirstOrDefault(node => node.Registration.Node == sticky) ?? otherwise.Choose(nodes, sticky);
}
