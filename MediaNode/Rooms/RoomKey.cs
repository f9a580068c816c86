namespace Hype.MediaNode.Rooms;

/// <summary>The identifier of a room on a media node: the channel id and the room epoch.</summary>
internal readonly record struct RoomKey(string Channel, RoomEpoch Epoch);
