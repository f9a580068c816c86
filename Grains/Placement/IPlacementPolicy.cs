using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Placement;

/// <summary>Chooses one of several media nodes that could all hold a room.</summary>
internal interface IPlacementPolicy
{
    /// <param name="nodes">At least one.</param>
    /// <param name="sticky">The node that already holds a room of the channel, if any.</param>
    NodeStatus Choose(IReadOnlyList<NodeStatus> nodes, MediaNodeId? sticky);
}
