using System.Collections.Immutable;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Grains.Abstractions.Channels;

/// <summary>One layout of a channel. <see cref="Epoch"/> numbers the layouts and only increases.</summary>
[GenerateSerializer, Immutable, Alias("hype.Layout")]
public sealed record Layout(
    [property: Id(0)] LayoutEpoch Epoch,
    [property: Id(1)] ChannelMode Mode,
    [property: Id(2)] ModeReason Reason,
    [property: Id(3)] DateTimeOffset Since);

/// <summary>A room of a layout, with its node and its region.</summary>
/// <param name="Epoch">The number of the room, by which its node fences outdated orders. Layouts and rooms share one counter.</param>
/// <param name="Layout">The layout that the room belongs to.</param>
[GenerateSerializer, Immutable, Alias("hype.RoomAssignment")]
public sealed record RoomAssignment(
    [property: Id(0)] RegionId Region,
    [property: Id(1)] MediaNodeId Node,
    [property: Id(2)] RoomEpoch Epoch,
    [property: Id(3)] LayoutEpoch Layout);

/// <summary>The complete state of a channel: the answer to queries and to gateways that synchronise again.</summary>
[GenerateSerializer, Immutable, Alias("hype.ChannelSnapshot")]
public sealed record ChannelSnapshot
{
    [Id(0)]
    public required ChannelId Channel { get; init; }

    /// <summary>
    /// Identifies the activation of the grain. A gateway that holds a snapshot of an older activation attaches its sessions again.
    /// </summary>
    [Id(1)]
    public required long Incarnation { get; init; }

    /// <summary>The version of the roster: each published change adds one.</summary>
    [Id(2)]
    public required long RosterVersion { get; init; }

    /// <summary>The layout that members use.</summary>
    [Id(3)]
    public required Layout Current { get; init; }

    /// <summary>The layout that members prepare during a switch.</summary>
    [Id(4)]
    public Layout? Pending { get; init; }

    [Id(5)]
    public required ChannelSettings Settings { get; init; }

    [Id(6)]
    public required ImmutableArray<Participant> Participants { get; init; }

    [Id(7)]
    public ImmutableArray<RoomAssignment> Rooms { get; init; } = [];

    /// <summary>The dominant speaker, if the media node reported one.</summary>
    [Id(8)]
    public MemberNumber? DominantSpeaker { get; init; }

    /// <summary>The time at which the channel was created by name; null if it was not.</summary>
    [Id(9)]
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The number of the newest <see cref="ChannelNews"/> that the snapshot contains.</summary>
    [Id(10)]
    public long News { get; init; }

    /// <summary>True if the channel has members, was created by name, or has settings of its own.</summary>
    public bool Exists => !Participants.IsEmpty || CreatedAt is not null || Settings != ChannelSettings.Default;
}

/// <summary>An entry of the channel index.</summary>
[GenerateSerializer, Immutable, Alias("hype.ChannelSummary")]
public sealed record ChannelSummary(
    [property: Id(0)] ChannelId Channel,
    [property: Id(1)] ChannelMode Mode,
    [property: Id(2)] LayoutEpoch Epoch,
    [property: Id(3)] ModeReason Reason,
    [property: Id(4)] int Participants);
