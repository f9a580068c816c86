using System.Collections.Immutable;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Regions;

namespace Hype.Grains.Abstractions.Channels;

/// <summary>One transport layout of a channel. <see cref="Epoch"/> counts them and never goes back.</summary>
[GenerateSerializer, Immutable, Alias("hype.Layout")]
public sealed record Layout(
    [property: Id(0)] LayoutEpoch Epoch,
    [property: Id(1)] ChannelMode Mode,
    [property: Id(2)] ModeReason Reason,
    [property: Id(3)] DateTimeOffset Since);

/// <summary>A room of a layout: which node carries it, and where that stands.</summary>
/// <param name="Epoch">The room's own, which is the node's fence: layouts and rooms count together, and no two have the same.</param>
/// <param name="Layout">The epoch of the layout that it is part of.</param>
[GenerateSerializer, Immutable, Alias("hype.RoomAssignment")]
public sealed record RoomAssignment(
    [property: Id(0)] RegionId Region, [property: Id(1)] MediaNodeId Node, [property: Id(2)] RoomEpoch Epoch, [property: Id(3)] LayoutEpoch Layout);

/// <summary>All there is to know of a channel at one moment; the answer to every admin query and every resynchronisation.</summary>
[GenerateSerializer, Immutable, Alias("hype.ChannelSnapshot")]
public sealed record ChannelSnapshot
{
    [Id(0)]
    public required ChannelId Channel { get; init; }

    /// <summary>New for every activation of the grain; who holds an older one hands its sessions in again.</summary>
    [Id(1)]
    public required long Incarnation { get; init; }

    /// <summary>Version of the roster: each roster change adds one.</summary>
    [Id(2)]
    public required long RosterVersion { get; init; }

    /// <summary>The layout that members play.</summary>
    [Id(3)]
    public required Layout Current { get; init; }

    /// <summary>The layout being prepared, if a switch is under way.</summary>
    [Id(4)]
    public Layout? Pending { get; init; }

    [Id(5)]
    public required ChannelSettings Settings { get; init; }

    [Id(6)]
    public required ImmutableArray<Participant> Participants { get; init; }

    [Id(7)]
    public ImmutableArray<RoomAssignment> Rooms { get; init; } = [];

    /// <summary>Participant number of the dominant speaker, if the media node named one.</summary>
    [Id(8)]
    public MemberNumber? DominantSpeaker { get; init; }

    /// <summary>When it was created by name; null: it lives by its members alone.</summary>
    [Id(9)]
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Number of the newest <see cref="ChannelNews"/> that is in it.</summary>
    [Id(10)]
    public long News { get; init; }

    /// <summary>Is there anything to know of it: members, or what somebody has set?</summary>
    public bool Exists => !Participants.IsEmpty || CreatedAt is not null || Settings != ChannelSettings.Default;
}

/// <summary>A line of the list of live channels.</summary>
[GenerateSerializer, Immutable, Alias("hype.ChannelSummary")]
public sealed record ChannelSummary(
    [property: Id(0)] ChannelId Channel,
    [property: Id(1)] ChannelMode Mode,
    [property: Id(2)] LayoutEpoch Epoch,
    [property: Id(3)] ModeReason Reason,
    [property: Id(4)] int Participants);
