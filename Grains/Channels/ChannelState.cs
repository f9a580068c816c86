using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Channels.Members;
using Hype.Grains.Storage;
using Hype.Grains.Webhooks;

namespace Hype.Grains.Channels;

/// <summary>
/// The stored state of a channel. The grain writes all of it at once: settings, bans and restrictions before it acknowledges them, and
/// the rest a short time after a change.
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.ChannelState")]
internal sealed record ChannelState : IWrittenState
{
    /// <summary>The name of the record in grain storage.</summary>
    public const string StorageName = "channel";

    [Id(0)]
    public ChannelSettings Settings { get; init; } = ChannelSettings.Default;

    [Id(1)]
    public ImmutableArray<Ban> Bans { get; init; } = [];

    [Id(2)]
    public ChannelCheckpoint? Checkpoint { get; init; }

    /// <summary>
    /// The time at which an administrator created the channel by name; null for a channel that exists only because members joined.
    /// </summary>
    [Id(3)]
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The identities that moderators muted or whose grants they reduced, also those that are not members now.</summary>
    [Id(4)]
    public ImmutableArray<RestrictedIdentity> Restrictions { get; init; } = [];

    [Id(5)]
    public Guid Writer { get; init; }
}

/// <summary>The stored part of a channel from which its grain continues after a move to another silo or a restart.</summary>
[GenerateSerializer, Immutable, Alias("hype.ChannelCheckpoint")]
internal sealed record ChannelCheckpoint
{
    /// <summary>
    /// The number of epochs that a checkpoint reserves beyond the newest one. A restarted channel skips the reserved epochs, so it assigns
    /// none twice, even if the newest ones were not stored.
    /// </summary>
    public const int EpochReserve = 64;

    /// <summary>
    /// The number of member numbers that a checkpoint reserves; a restarted channel skips them, so it assigns none twice.
    /// </summary>
    public const uint NumberReserve = 4096;

    /// <summary>
    /// The number of change numbers (<see cref="ChannelNews.Number"/>) that a checkpoint reserves; a restarted channel skips them.
    /// </summary>
    public const long NewsReserve = 4096;

    [Id(0)]
    public required long Incarnation { get; init; }

    /// <summary>The highest epoch that the channel may have assigned to a layout or a room.</summary>
    [Id(1)]
    public required LayoutEpoch EpochLimit { get; init; }

    /// <summary>The highest member number that the channel may have assigned.</summary>
    [Id(2)]
    public required MemberNumber NumberLimit { get; init; }

    [Id(3)]
    public required long RosterVersion { get; init; }

    /// <summary>The committed layout; in an empty channel, the last committed one.</summary>
    [Id(4)]
    public required Layout Layout { get; init; }

    /// <summary>
    /// The layout that clients were preparing when the state was stored; some clients may have connections only in this layout.
    /// </summary>
    [Id(5)]
    public Layout? Pending { get; init; }

    /// <summary>The rooms of the committed and of the pending layout.</summary>
    [Id(6)]
    public ImmutableArray<RoomAssignment> Rooms { get; init; } = [];

    [Id(7)]
    public ImmutableArray<Member> Members { get; init; } = [];

    /// <summary>The highest change number that the channel may have assigned.</summary>
    [Id(8)]
    public long NewsLimit { get; init; }

    /// <summary>The events that the outboxes of webhook receivers have not acknowledged.</summary>
    [Id(9)]
    public ImmutableArray<UnsentEvents> Unsent { get; init; } = [];

    /// <summary>The settings that the channel used at the time of the checkpoint.</summary>
    [Id(10)]
    public required ChannelSettings Settings { get; init; }
}
