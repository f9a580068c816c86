namespace Hype.Grains.Abstractions.MediaNodes;

/// <summary>A room that a node holds.</summary>
[GenerateSerializer, Immutable, Alias("hype.HeldRoom")]
public sealed record HeldRoom([property: Id(0)] ChannelId Channel, [property: Id(1)] RoomEpoch Epoch);
