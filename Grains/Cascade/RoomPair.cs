namespace Hype.Grains.Cascade;

/// <summary>Two rooms of a channel that are linked, by their epochs; the same pair whichever end asks.</summary>
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
