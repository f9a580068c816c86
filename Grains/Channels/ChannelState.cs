using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Channels.Members;
using Hype.Grains.Webhooks;

namespace Hype.Grains.Channels;

/// <summary>What is stored of a channel. Settings and bans are written before they are acknowledged; the checkpoint follows changes, coalesced.</summary>
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

    /// <summary>When it was created by name; null: it was not.</summary>
    [Id(3)]
    public DateTimeOffset? CreatedAt { get; set; }
}

/// <summary>Enough of the living channel to go on after its grain has moved or its process was restarted.</summary>
[GenerateSerializer, Immutable, Alias("hype.ChannelCheckpoint")]
internal sealed record ChannelCheckpoint
{
    /// <summary>Epochs reserved ahead, so that none is given twice although the newest few may not have been stored.</summary>
    public const int EpochReserve = 64;

    /// <summary>Participant numbers reserved ahead, for the same reason.</summary>
    public const uint NumberReserve = 4096;

    /// <summary>Numbers of news reserved ahead, for the same reason.</summary>
    public const long NewsReserve = 4096;

    [Id(0)]
    public required long Incarnation { get; init; }

    /// <summary>No epoch above this one was given.</summary>
    [Id(1)]
    public required LayoutEpoch EpochLimit { get; init; }

    /// <summary>No participant number above this one was given.</summary>
    [Id(2)]
    public required MemberNumber NumberLimit { get; init; }

    [Id(3)]
    public required long RosterVersion { get; init; }

    /// <summary>The layout that members play, or played last.</summary>
    [Id(4)]
    public required Layout Layout { get; init; }

    /// <summary>The layout that members were preparing: some may have built only this one.</summary>
    [Id(5)]
    public Layout? Pending { get; init; }

    /// <summary>The rooms of both.</summary>
    [Id(6)]
    public ImmutableArray<RoomAssignment> Rooms { get; init; } = [];

    [Id(7)]
    public ImmutableArray<Member> Members { get; init; } = [];

    /// <summary>No news above this number was told.</summary>
    [Id(8)]
    public long NewsLimit { get; init; }

    /// <summary>What receivers of webhooks are to be told of all this.</summary>
    [Id(9)]
    public ImmutableArray<UntoldEvents> Untold { get; init; } = [];

    /// <summary>The settings of which everybody was told. Null: a version wrote this that did not say.</summary>
    [Id(10)]
    public ChannelSettings? Settings { get; init; }
}
