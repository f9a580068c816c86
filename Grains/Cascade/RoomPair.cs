namespace Hype.Grains.Cascade;

/// <summary>A pair of linked rooms of a channel, identified by their epochs. The order of the two rooms does not matter.</summary>
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
