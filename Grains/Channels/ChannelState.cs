using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Channels.Members;
using Hype.Grains.Webhooks;

namespace Hype.Grains.Channels;

/// <summary>
/// The stored state of a channel. Settings and bans are written before they are acknowledged; the checkpoint follows changes with a delay.
/// </summary>
[GenerateSerializer, Alias("hype.ChannelState")]
internal sealed class ChannelState
{
    /// <summary>The name of the record in grain storage.</summary>
    public const string StorageName = "channel";

    [Id(0)]
    public ChannelSettings Settings { get; set; } = ChannelSettings.Default;

    [Id(1)]
    public ImmutableArray<Ban> Bans { get; set; } = [];

    [Id(2)]
    public ChannelCheckpoint? Checkpoint { get; set; }

    /// <summary>The time at which the channel was created by name; null if it was not.</summary>
    [Id(3)]
    public DateTimeOffset? CreatedAt { get; set; }
}

/// <summary>The part of a channel that it needs to continue after its grain has moved or its process was restarted.</summary>
[GenerateSerializer, Immutable, Alias("hype.ChannelCheckpoint")]
internal sealed record ChannelCheckpoint
{
    /// <summary>
    /// The number of epochs that a checkpoint reserves beyond the newest one. No epoch is assigned twice, although the newest few may not
    /// have been stored.
    /// </summary>
    public const int EpochReserve = 64;

    /// <summary>The number of member numbers that a checkpoint reserves, for the same reason.</summary>
    public const uint NumberReserve = 4096;

    /// <summary>The number of news numbers that a checkpoint reserves, for the same reason.</summary>
    public const long NewsReserve = 4096;

    [Id(0)]
    public required long Incarnation { get; init; }

    /// <summary>The highest epoch that may have been assigned.</summary>
    [Id(1)]
    public required LayoutEpoch EpochLimit { get; init; }

    /// <summary>The highest member number that may have been assigned.</summary>
    [Id(2)]
    public required MemberNumber NumberLimit { get; init; }

    [Id(3)]
    public required long RosterVersion { get; init; }

    /// <summary>The layout that members use, or used last.</summary>
    [Id(4)]
    public required Layout Layout { get; init; }

    /// <summary>The layout that members were preparing: some may have connections of this layout only.</summary>
    [Id(5)]
    public Layout? Pending { get; init; }

    /// <summary>The rooms of both layouts.</summary>
    [Id(6)]
    public ImmutableArray<RoomAssignment> Rooms { get; init; } = [];

    [Id(7)]
    public ImmutableArray<Member> Members { get; init; } = [];

    /// <summary>The highest news number that may have been published.</summary>
    [Id(8)]
    public long NewsLimit { get; init; }

    /// <summary>The events that the outboxes of webhook receivers have not acknowledged.</summary>
    [Id(9)]
    public ImmutableArray<UnsentEvents> Unsent { get; init; } = [];

    /// <summary>The settings that were published.</summary>
    [Id(10)]
    public required ChannelSettings Settings { get; init; }
}
