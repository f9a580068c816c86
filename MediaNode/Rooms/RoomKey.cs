namespace Hype.MediaNode.Rooms;

/// <summary>The key of a room: the channel id and the room epoch.</summary>
internal readonly record struct RoomKey(string Channel, RoomEpoch Epoch);
