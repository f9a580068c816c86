using System.Collections.Immutable;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Grains.Abstractions.Channels;

/// <summary>
/// A layout of a channel: its mode, the reason for the mode and the time of its start. <see cref="Epoch"/> numbers the layouts and only
/// increases.
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.Layout")]
public sealed record Layout(
    [property: Id(0)] LayoutEpoch Epoch,
    [property: Id(1)] ChannelMode Mode,
    [property: Id(2)] ModeReason Reason,
    [property: Id(3)] DateTimeOffset Since);

/// <summary>A room of a layout, and the media node and the region that it is in.</summary>
/// <param name="Epoch">The number of the room, by which its node fences outdated orders. Layouts and rooms share one counter.</param>
/// <param name="Layout">The layout that the room belongs to.</param>
[GenerateSerializer, Immutable, Alias("hype.RoomAssignment")]
public sealed record RoomAssignment(
    [property: Id(0)] RegionId Region,
    [property: Id(1)] MediaNodeId Node,
    [property: Id(2)] RoomEpoch Epoch,
    [property: Id(3)] LayoutEpoch Layout);

/// <summary>
/// The complete state of a channel: the answer to queries, and the state from which a gateway starts its copy of the channel.
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.ChannelSnapshot")]
public sealed record ChannelSnapshot
{
    [Id(0)]
    public required ChannelId Channel { get; init; }

    /// <summary>
    /// The number of the grain activation that made the snapshot. A gateway that sees a newer activation attaches its sessions again.
    /// </summary>
    [Id(1)]
    public required long Incarnation { get; init; }

    /// <summary>The version of the roster; each published change increases it by one.</summary>
    [Id(2)]
    public required long RosterVersion { get; init; }

    /// <summary>The committed layout, whose audio clients play.</summary>
    [Id(3)]
    public required Layout Current { get; init; }

    /// <summary>The layout that clients prepare during a switch; null if there is no switch.</summary>
    [Id(4)]
    public Layout? Pending { get; init; }

    [Id(5)]
    public required ChannelSettings Settings { get; init; }

    [Id(6)]
    public required ImmutableArray<Participant> Participants { get; init; }

    [Id(7)]
    public ImmutableArray<RoomAssignment> Rooms { get; init; } = [];

    /// <summary>The dominant speaker; null if no media node has reported one.</summary>
    [Id(8)]
    public MemberNumber? DominantSpeaker { get; init; }

    /// <summary>
    /// The time at which an administrator created the channel by name; null for a channel that exists only because members joined.
    /// </summary>
    [Id(9)]
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The number of the newest change (<see cref="ChannelNews"/>) that the snapshot contains.</summary>
    [Id(10)]
    public long News { get; init; }

    /// <summary>True if the channel has members, was created by name, or has settings of its own.</summary>
    public bool Exists => !Participants.IsEmpty || CreatedAt is not null || Settings != ChannelSettings.Default;
}

/// <summary>The entry of a channel in the channel index, which lists the channels of the cluster.</summary>
[GenerateSerializer, Immutable, Alias("hype.ChannelSummary")]
public sealed record ChannelSummary(
    [property: Id(0)] ChannelId Channel,
    [property: Id(1)] ChannelMode Mode,
    [property: Id(2)] LayoutEpoch Epoch,
    [property: Id(3)] ModeReason Reason,
    [property: Id(4)] int Participants);
