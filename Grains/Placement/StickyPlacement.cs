using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Placement;

/// <summary>Stays where the channel is: a move costs its members a new transport. Else asks the next policy.</summary>
internal sealed class StickyPlacement(IPlacementPolicy otherwise) : IPlacementPolicy
{
    public NodeStatus Choose(IReadOnlyList<NodeStatus> nodes, MediaNodeId? sticky) =>
        nodes.FirstOrDefault(node => node.Registration.Node == sticky) ?? otherwise.Choose(nodes, sticky);
}
