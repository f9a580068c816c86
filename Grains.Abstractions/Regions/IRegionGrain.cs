using Hype.Grains.Abstractions.Calls;
using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Abstractions.Regions;

/// <summary>
/// A region: the list of its live media nodes, which is not stored, and the choice of nodes for rooms. The grain key is the name of the
/// region.
/// </summary>
[Alias("hype.IRegionGrain")]
public interface IRegionGrain : IGrainWithStringKey
{
    /// <summary>
    /// Reports the status of a media node; a node that stops reporting is removed from the list. A report or removal with an older number
    /// than another one of the node's grain changes nothing.
    /// </summary>
    [Alias("Report"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task Report(NodeStatus node, ReportNumber number);

    /// <summary>Removes a media node from the list of the region.</summary>
    [Alias("Remove"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task Remove(MediaNodeId node, ReportNumber number);

    /// <summary>
    /// Chooses a media node with capacity for a room: <paramref name="sticky"/> if possible, and never a node in <paramref name="avoid"/>.
    /// If no node of this region has capacity, it searches the other regions, the nearest first.
    /// </summary>
    [Alias("Place"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task<PlacementResult> Place(ChannelId channel, MediaNodeId? sticky, MediaNodeId[] avoid);

    /// <summary>Returns the live media nodes of this region.</summary>
    [Alias("GetNodes"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task<NodeStatus[]> GetNodes();
}
