using System.Collections.Immutable;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Grains.Abstractions.Channels;

/// <summary>
/// A numbered change of a channel, for the clients that watch the channel. The numbers increase by one as long as the channel exists; a
/// restart may skip some.
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.ChannelNews")]
public sealed record ChannelNews(
    [property: Id(0)] long Number, [property: Id(1)] DateTimeOffset At, [property: Id(2)] ChannelHappening What);

[GenerateSerializer, Immutable, Alias("hype.ChannelHappening")]
public abstract record ChannelHappening;

[GenerateSerializer, Immutable, Alias("hype.MemberJoined")]
public sealed record MemberJoined([property: Id(0)] Participant Member) : ChannelHappening;

/// <summary>
/// The mutes, presence, grants, attributes or quality of a member changed. The record contains all public data of the member.
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.MemberChanged")]
public sealed record MemberChanged([property: Id(0)] Participant Member) : ChannelHappening;

[GenerateSerializer, Immutable, Alias("hype.MemberLeft")]
public sealed record MemberLeft(
    [property: Id(0)] MemberNumber Number, [property: Id(1)] string Identity, [property: Id(2)] LeaveReason Reason) : ChannelHappening;

/// <summary>A layout entered its prepare phase, or was committed (<see cref="Committed"/>).</summary>
[GenerateSerializer, Immutable, Alias("hype.ModeChanged")]
public sealed record ModeChanged([property: Id(0)] Layout Layout, [property: Id(1)] bool Committed) : ChannelHappening;

[GenerateSerializer, Immutable, Alias("hype.RoomAppeared")]
public sealed record RoomAppeared([property: Id(0)] RoomAssignment Room) : ChannelHappening;

[GenerateSerializer, Immutable, Alias("hype.RoomDisappeared")]
public sealed record RoomDisappeared([property: Id(0)] RoomAssignment Room) : ChannelHappening;

[GenerateSerializer, Immutable, Alias("hype.SettingsChanged")]
public sealed record SettingsChanged([property: Id(0)] ChannelSettings Settings) : ChannelHappening;

/// <summary>The answer to a watcher that reads the changes of a channel.</summary>
/// <param name="News">The changes in order, each once.</param>
/// <param name="Snapshot">The whole state instead of changes, for a watcher that starts or was absent for too long.</param>
/// <param name="Newest">The number from which the watcher continues.</param>
[GenerateSerializer, Immutable, Alias("hype.ChannelReading")]
public sealed record ChannelReading(
    [property: Id(0)] ImmutableArray<ChannelNews> News, [property: Id(1)] ChannelSnapshot? Snapshot, [property: Id(2)] long Newest);
