namespace Hype.MediaNode.Rooms;

/// <summary>The epoch of a room: a channel numbers its rooms, and a newer one fences off the older ones.</summary>
internal readonly record struct RoomEpoch(uint Value)
{
    public static RoomEpoch Max(RoomEpoch first, RoomEpoch second) => first.Value > second.Value ? first : second;

    public static bool operator <(RoomEpoch left, RoomEpoch right) => left.Value < right.Value;

    public static bool operator >(RoomEpoch left, RoomEpoch right) => left.Value > right.Value;

    public static bool operator <=(RoomEpoch left, RoomEpoch right) => left.Value <= right.Value;

    public static bool operator >=(RoomEpoch left, RoomEpoch right) => left.Value >= right.Value;
}
