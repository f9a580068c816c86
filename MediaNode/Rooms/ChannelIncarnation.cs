namespace Hype.MediaNode.Rooms;

/// <summary>
/// The number of an activation of a channel's grain; a later activation has a higher number. <see cref="None"/> is the lowest: the order
/// comes from no activation.
/// </summary>
internal readonly record struct ChannelIncarnation(ulong Value)
{
    public static ChannelIncarnation None => default;

    public static ChannelIncarnation Max(ChannelIncarnation first, ChannelIncarnation second) =>
        first.Value > second.Value ? first : second;

    public static bool operator <(ChannelIncarnation left, ChannelIncarnation right) => left.Value < right.Value;

    public static bool operator >(ChannelIncarnation left, ChannelIncarnation right) => left.Value > right.Value;
}
