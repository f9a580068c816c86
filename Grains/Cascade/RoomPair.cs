namespace Hype.Grains.Cascade;

/// <summary>Two rooms of a channel that are linked, by their epochs; the same pair whichever end asks.</summary>
internal readonly record struct RoomPair
{
    public RoomPair(int one, int other)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(one, other);
        (Low, High) = (Math.Min(one, other), Math.Max(one, other));
    }

    public int Low { get; }

    public int High { get; }

    public override string ToString() => $"{Low}-{High}";
}
