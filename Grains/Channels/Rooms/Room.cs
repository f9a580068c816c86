namespace Hype.Grains.Channels.Rooms;

/// <summary>A room on a media node. Layouts and rooms draw their epochs from one counter, and no two rooms have the same.</summary>
internal sealed record Room(MediaNodeId Node, RegionId Region, RoomEpoch Epoch);
