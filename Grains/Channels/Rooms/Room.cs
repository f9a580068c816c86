namespace Hype.Grains.Channels.Rooms;

/// <summary>
/// A room of a channel on a media node. Layouts and rooms take their epochs from the same counter, so no two rooms of a channel have the
/// same epoch.
/// </summary>
internal sealed record Room(MediaNodeId Node, RegionId Region, RoomEpoch Epoch);
