using System.Collections.Immutable;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Grains.Abstractions.Channels;

/// <summary>
/// The events that a channel sends to one gateway together, in order. <see cref="Sequence"/> counts the batches of this channel activation
/// (<see cref="Incarnation"/>) to this gateway, from 1. A gateway that sees a gap or another incarnation has lost a message and requests a
/// snapshot (<see cref="IChannelGrain.Attach"/>).
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.ChannelEventBatch")]
public sealed record ChannelEventBatch(
    [property: Id(0)] ChannelId Channel,
    [property: Id(1)] long Incarnation,
    [property: Id(2)] long Sequence,
    [property: Id(3)] ImmutableArray<ChannelEvent> Events);

[GenerateSerializer, Immutable, Alias("hype.ChannelEvent")]
public abstract record ChannelEvent;

/// <summary>
/// The roster changed from <c>Version - 1</c> to <c>Version</c>. A snapshot may already contain a part of this change, so a receiver must
/// accept repetitions: joined and changed participants replace known ones, and a participant that left may be unknown.
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.RosterChanged")]
public sealed record RosterChanged(
    [property: Id(0)] long Version,
    [property: Id(1)] ImmutableArray<Participant> Joined,
    [property: Id(2)] ImmutableArray<Participant> Changed,
    [property: Id(3)] ImmutableArray<ParticipantLeft> Left) : ChannelEvent;

[GenerateSerializer, Immutable, Alias("hype.ParticipantLeft")]
public sealed record ParticipantLeft([property: Id(0)] MemberNumber Number, [property: Id(1)] LeaveReason Reason);

/// <summary>The prepare phase of a layout begins: clients build its connections while they still use the current layout.</summary>
[GenerateSerializer, Immutable, Alias("hype.LayoutOpened")]
public sealed record LayoutOpened([property: Id(0)] Layout Layout) : ChannelEvent;

/// <summary>The layout is committed: clients play its audio from now on, then close the connections of the previous layout.</summary>
[GenerateSerializer, Immutable, Alias("hype.LayoutCommitted")]
public sealed record LayoutCommitted([property: Id(0)] Layout Layout) : ChannelEvent;

/// <summary>A media node offers one session an endpoint in the layout <c>Offer.Epoch</c>.</summary>
[GenerateSerializer, Immutable, Alias("hype.SfuOffered")]
public sealed record SfuOffered([property: Id(0)] SessionId Session, [property: Id(1)] SfuOffer Offer) : ChannelEvent;

/// <summary>
/// The endpoint of one session has moved to another media node, under the same keys. Its client receives the candidates of that node and
/// continues its connection.
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.EndpointMoved")]
public sealed record EndpointMoved(
    [property: Id(0)] SessionId Session,
    [property: Id(1)] LayoutEpoch Epoch,
    [property: Id(2)] ImmutableArray<NodeCandidate> Candidates,
    [property: Id(3)] string IceUfrag,
    [property: Id(4)] RegionId Region) : ChannelEvent;

/// <summary>Another member is the dominant speaker; null if no member speaks.</summary>
[GenerateSerializer, Immutable, Alias("hype.SpeakersChanged")]
public sealed record SpeakersChanged([property: Id(0)] MemberNumber? Dominant) : ChannelEvent;

/// <summary>A moderator muted or unmuted one session.</summary>
[GenerateSerializer, Immutable, Alias("hype.SessionModerated")]
public sealed record SessionModerated([property: Id(0)] SessionId Session, [property: Id(1)] bool ServerMuted) : ChannelEvent;

/// <summary>The grants of one session changed.</summary>
[GenerateSerializer, Immutable, Alias("hype.SessionGranted")]
public sealed record SessionGranted([property: Id(0)] SessionId Session, [property: Id(1)] Grants Grants) : ChannelEvent;

/// <summary>One session moves to another channel, which has already admitted it.</summary>
[GenerateSerializer, Immutable, Alias("hype.SessionTransferred")]
public sealed record SessionTransferred(
    [property: Id(0)] SessionId Session, [property: Id(1)] ChannelId Channel, [property: Id(2)] JoinResult Seat) : ChannelEvent;

/// <summary>One session ended.</summary>
[GenerateSerializer, Immutable, Alias("hype.SessionEnded")]
public sealed record SessionEnded([property: Id(0)] SessionId Session, [property: Id(1)] LeaveReason Reason) : ChannelEvent;
