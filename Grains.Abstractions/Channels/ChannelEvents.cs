using System.Collections.Immutable;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Grains.Abstractions.Channels;

/// <summary>
/// The events of a channel for one gateway, in order. <see cref="Sequence"/> counts the batches from this incarnation of the
/// channel to this gateway, from 1. A gateway that sees a gap or a new incarnation requests a snapshot
/// (<see cref="IChannelGrain.Attach"/>), which repairs the loss of a one-way message.
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
/// The roster changed from <c>Version - 1</c> to <c>Version</c>. A snapshot of a large channel may already contain a part of the next
/// diff, so a receiver must accept repetitions: joined and changed participants replace known ones, and one that left may be unknown.
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.RosterChanged")]
public sealed record RosterChanged(
    [property: Id(0)] long Version,
    [property: Id(1)] ImmutableArray<Participant> Joined,
    [property: Id(2)] ImmutableArray<Participant> Changed,
    [property: Id(3)] ImmutableArray<ParticipantLeft> Left) : ChannelEvent;

[GenerateSerializer, Immutable, Alias("hype.ParticipantLeft")]
public sealed record ParticipantLeft([property: Id(0)] MemberNumber Number, [property: Id(1)] LeaveReason Reason);

/// <summary>Prepare: clients build the connections of this layout beside the current one.</summary>
[GenerateSerializer, Immutable, Alias("hype.LayoutOpened")]
public sealed record LayoutOpened([property: Id(0)] Layout Layout) : ChannelEvent;

/// <summary>Commit: clients switch playback to this layout, then close the older connections.</summary>
[GenerateSerializer, Immutable, Alias("hype.LayoutCommitted")]
public sealed record LayoutCommitted([property: Id(0)] Layout Layout) : ChannelEvent;

/// <summary>The media node offers one session an endpoint of the layout <c>Offer.Epoch</c>.</summary>
[GenerateSerializer, Immutable, Alias("hype.SfuOffered")]
public sealed record SfuOffered([property: Id(0)] SessionId Session, [property: Id(1)] SfuOffer Offer) : ChannelEvent;

/// <summary>
/// The endpoint of one session has moved to another node, under the same keys. The client receives the new candidates and keeps its
/// connection.
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.EndpointMoved")]
public sealed record EndpointMoved(
    [property: Id(0)] SessionId Session,
    [property: Id(1)] LayoutEpoch Epoch,
    [property: Id(2)] ImmutableArray<NodeCandidate> Candidates,
    [property: Id(3)] string IceUfrag,
    [property: Id(4)] RegionId Region) : ChannelEvent;

/// <summary>The dominant speaker changed; null: no member speaks.</summary>
[GenerateSerializer, Immutable, Alias("hype.SpeakersChanged")]
public sealed record SpeakersChanged([property: Id(0)] MemberNumber? Dominant) : ChannelEvent;

/// <summary>A moderator muted or unmuted one session.</summary>
[GenerateSerializer, Immutable, Alias("hype.SessionModerated")]
public sealed record SessionModerated([property: Id(0)] SessionId Session, [property: Id(1)] bool ServerMuted) : ChannelEvent;

/// <summary>The grants of one session changed.</summary>
[GenerateSerializer, Immutable, Alias("hype.SessionGranted")]
public sealed record SessionGranted([property: Id(0)] SessionId Session, [property: Id(1)] Grants Grants) : ChannelEvent;

/// <summary>One session continues in another channel, which has already admitted it.</summary>
[GenerateSerializer, Immutable, Alias("hype.SessionTransferred")]
public sealed record SessionTransferred(
    [property: Id(0)] SessionId Session, [property: Id(1)] ChannelId Channel, [property: Id(2)] JoinResult Seat) : ChannelEvent;

/// <summary>One session is over.</summary>
[GenerateSerializer, Immutable, Alias("hype.SessionEnded")]
public sealed record SessionEnded([property: Id(0)] SessionId Session, [property: Id(1)] LeaveReason Reason) : ChannelEvent;
