using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Abstractions.Regions;

/// <summary>The answer to a placement: a node, or an error.</summary>
[GenerateSerializer, Immutable, Alias("hype.PlacementResult")]
public sealed record PlacementResult(
    [property: Id(0)] VoiceError Error,
    [property: Id(1)] MediaNodeId Node,
    [property: Id(2)] RegionId Region,
    [property: Id(3)] PlacementReason Reason = PlacementReason.Unknown);
