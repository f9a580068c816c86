namespace Hype.Grains.Cascade;

/// <summary>Two linked rooms of a channel, by their epochs; equal from both ends.</summary>
internal readonly record struct RoomPair
{
    public RoomPair(RoomEpoch one, RoomEpoch other)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(one, other);
        (Low, High) = one < other ? (one, other) : (other, one);
    }

    public RoomEpoch Low { get; }

    public RoomEpoch High { get; }

    public override string ToString() => $"{Low}-{High}";
}
