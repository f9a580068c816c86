namespace Hype.Grains.Abstractions.MediaNodes;

/// <summary>A room that a media node holds, named by its channel and its epoch.</summary>
[GenerateSerializer, Immutable, Alias("hype.HeldRoom")]
public sealed record HeldRoom([property: Id(0)] ChannelId Channel, [property: Id(1)] RoomEpoch Epoch);
