namespace Hype.Grains.Abstractions.Regions;

/// <summary>The result of the search for a media node that can hold a room.</summary>
/// <param name="Node">Null: no node has capacity.</param>
/// <param name="Region">The node's region; without a node, the region that was asked.</param>
[GenerateSerializer, Immutable, Alias("hype.PlacementResult")]
public sealed record PlacementResult(
    [property: Id(0)] MediaNodeId? Node,
    [property: Id(1)] RegionId Region,
    [property: Id(2)] PlacementReason Reason = PlacementReason.Unknown);
