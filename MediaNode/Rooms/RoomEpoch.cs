namespace Hype.MediaNode.Rooms;

/// <summary>The number of a room among the successive rooms of its channel. A newer number fences off the older ones.</summary>
internal readonly record struct RoomEpoch(uint Value)
{
    public static RoomEpoch Max(RoomEpoch first, RoomEpoch second) => first.Value > second.Value ? first : second;

    public static bool operator <(RoomEpoch left, RoomEpoch right) => left.Value < right.Value;

    public static bool operator >(RoomEpoch left, RoomEpoch right) => left.Value > right.Value;

    public static bool operator <=(RoomEpoch left, RoomEpoch right) => left.Value <= right.Value;

    public static bool operator >=(RoomEpoch left, RoomEpoch right) => left.Value >= right.Value;
}
