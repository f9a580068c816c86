using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Abstractions.Regions;

/// <summary>A placement: a node, or why there is none.</summary>
[GenerateSerializer, Immutable, Alias("hype.PlacementResult")]
public sealed record PlacementResult([property: Id(0)] VoiceError Error, [property: Id(1)] MediaNodeId Node, [property: Id(2)] RegionId Region);

/// <summary>One region, key = its name: a soft-state list of the live nodes in it, and "which node for this channel".</summary>
[Alias("hype.IRegionGrain")]
public interface IRegionGrain : IGrainWithStringKey
{
    /// <summary>A node lives and has this load; forgotten when not renewed within the lease.</summary>
    [Alias("Report")]
    Task Report(NodeStatus node);

    [Alias("Remove")]
    Task Remove(MediaNodeId node);

    /// <summary>A node with room, preferring <paramref name="sticky"/>; never one in <paramref name="avoid"/>. Falls over to the nearest other region.</summary>
    [Alias("Place")]
    Task<PlacementResult> Place(ChannelId channel, MediaNodeId? sticky, MediaNodeId[] avoid);

    [Alias("GetNodes")]
    Task<NodeStatus[]> GetNodes();
}
