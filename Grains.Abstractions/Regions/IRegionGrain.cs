using Hype.Grains.Abstractions.Calls;
using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Abstractions.Regions;

/// <summary>A region: the soft-state list of its living nodes, and the placement of rooms on them. Its key is the region's name.</summary>
[Alias("hype.IRegionGrain")]
public interface IRegionGrain : IGrainWithStringKey
{
    /// <summary>Reports a node's load; without further reports the node is removed from the list.</summary>
    [Alias("Report"), ResponseTimeout(CallTimeouts.Attempt)]
    Task Report(NodeStatus node);

    /// <summary>Removes a node from the list.</summary>
    [Alias("Remove"), ResponseTimeout(CallTimeouts.Attempt)]
    Task Remove(MediaNodeId node);

    /// <summary>
    /// Chooses a node with capacity: <paramref name="sticky"/> if possible, and never one of <paramref name="avoid"/>. If no node of this
    /// region has capacity, it chooses one of the nearest region that has.
    /// </summary>
    [Alias("Place"), ResponseTimeout(CallTimeouts.Attempt)]
    Task<PlacementResult> Place(ChannelId channel, MediaNodeId? sticky, MediaNodeId[] avoid);

    /// <summary>The living nodes of this region.</summary>
    [Alias("GetNodes"), ResponseTimeout(CallTimeouts.Attempt)]
    Task<NodeStatus[]> GetNodes();
}
