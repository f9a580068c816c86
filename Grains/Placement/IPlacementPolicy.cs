using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Placement;

/// <summary>Chooses among nodes that may all be taken.</summary>
internal interface IPlacementPolicy
{
    /// <param name="nodes">At least one.</param>
    /// <param name="sticky">The node that carries the channel already, if any.</param>
    NodeStatus Choose(IReadOnlyList<NodeStatus> nodes, MediaNodeId? sticky);
}
