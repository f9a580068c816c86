namespace Hype.MediaNode.Rooms;

/// <summary>A channel's part on one worker: the channel id, and the epoch of the layout that it serves.</summary>
internal readonly record struct RoomKey(string Channel, uint Epoch);
