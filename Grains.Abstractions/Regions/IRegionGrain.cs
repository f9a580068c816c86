using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Abstractions.Regions;

/// <summary>The result of a placement.</summary>
/// <param name="Node">Null: no node has capacity.</param>
/// <param name="Region">The node's region; without a node, the region that was asked.</param>
[GenerateSerializer, Immutable, Alias("hype.PlacementResult")]
public sealed record PlacementResult(
    [property: Id(0)] MediaNodeId? Node, [property: Id(1)] RegionId Region, [property: Id(2)] PlacementReason Reason = PlacementReason.Unknown);

/// <summary>Why this node.</summary>
[Alias("hype.PlacementReason")]
public enum PlacementReason
{
    /// <summary>Not known any more: the channel's grain came back after the placement.</summary>
    Unknown = 0,

    /// <summary>It carried the channel's room there before.</summary>
    Sticky = 1,

    /// <summary>The less loaded of two that were drawn among those of the region with room.</summary>
    LessLoadedOfTwo = 2,

    /// <summary>The region has none with room: this one is in the nearest region that has.</summary>
    NearestRegion = 3,

    /// <summary>None has room anywhere: where the channel is, or the least loaded.</summary>
    Crowded = 4,
}

/// <summary>One region, key = its name: a soft-state list of the live nodes in it, and "which node for this channel".</summary>
[Alias("hype.IRegionGrain")]
public interface IRegionGrain : IGrainWithStringKey
{
    /// <summary>A node lives and has this load; forgotten when not renewed within the lease.</summary>
    [Alias("Report"), ResponseTimeout(IChannelGrain.Attempt)]
    Task Report(NodeStatus node);

    [Alias("Remove"), ResponseTimeout(IChannelGrain.Attempt)]
    Task Remove(MediaNodeId node);

    /// <summary>A node with room, preferring <paramref name="sticky"/>; never one in <paramref name="avoid"/>. Falls over to the nearest other region.</summary>
    [Alias("Place"), ResponseTimeout(IChannelGrain.Attempt)]
    Task<PlacementResult> Place(ChannelId channel, MediaNodeId? sticky, MediaNodeId[] avoid);

    [Alias("GetNodes"), ResponseTimeout(IChannelGrain.Attempt)]
    Task<NodeStatus[]> GetNodes();
}
