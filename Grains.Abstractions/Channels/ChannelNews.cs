using System.Collections.Immutable;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Grains.Abstractions.Channels;

/// <summary>Something that happened in a channel, for those who watch it. Numbers go up by one for as long as the channel lives, over restarts too, where some may be left out.</summary>
[GenerateSerializer, Immutable, Alias("hype.ChannelNews")]
public sealed record ChannelNews([property: Id(0)] long Number, [property: Id(1)] DateTimeOffset At, [property: Id(2)] ChannelHappening What);

[GenerateSerializer, Immutable, Alias("hype.ChannelHappening")]
public abstract record ChannelHappening;

[GenerateSerializer, Immutable, Alias("hype.MemberJoined")]
public sealed record MemberJoined([property: Id(0)] Participant Member) : ChannelHappening;

/// <summary>Muted, deafened, moderated, away or back, other grants or attributes, another quality: the whole line as it is now.</summary>
[GenerateSerializer, Immutable, Alias("hype.MemberChanged")]
public sealed record MemberChanged([property: Id(0)] Participant Member) : ChannelHappening;

[GenerateSerializer, Immutable, Alias("hype.MemberLeft")]
public sealed record MemberLeft([property: Id(0)] MemberNumber Number, [property: Id(1)] string Identity, [property: Id(2)] LeaveReason Reason) : ChannelHappening;

/// <summary>A layout is being prepared, or is what members play from now on.</summary>
[GenerateSerializer, Immutable, Alias("hype.ModeChanged")]
public sealed record ModeChanged([property: Id(0)] Layout Layout, [property: Id(1)] bool Committed) : ChannelHappening;

[GenerateSerializer, Immutable, Alias("hype.RoomAppeared")]
public sealed record RoomAppeared([property: Id(0)] RoomAssignment Room) : ChannelHappening;

[GenerateSerializer, Immutable, Alias("hype.RoomDisappeared")]
public sealed record RoomDisappeared([property: Id(0)] RoomAssignment Room) : ChannelHappening;

[GenerateSerializer, Immutable, Alias("hype.SettingsChanged")]
public sealed record SettingsChanged([property: Id(0)] ChannelSettings Settings) : ChannelHappening;

/// <summary>What a watcher gets.</summary>
/// <param name="News">In order, each once.</param>
/// <param name="Snapshot">How everything is, instead of news, for one that begins or has been away for too long.</param>
/// <param name="Newest">The number to go on from.</param>
[GenerateSerializer, Immutable, Alias("hype.ChannelReading")]
public sealed record ChannelReading(
    [property: Id(0)] ImmutableArray<ChannelNews> News, [property: Id(1)] ChannelSnapshot? Snapshot, [property: Id(2)] long Newest);
