namespace Hype.Grains.Cascade;

/// <summary>A pair of rooms of one channel, identified by the epochs of the rooms; the order of the two does not matter.</summary>
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
