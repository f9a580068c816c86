using System.Collections.Immutable;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Regions;

namespace Hype.Grains.Abstractions.Channels;

/// <summary>
/// What a channel tells one gateway, in order. <see cref="Sequence"/> counts the batches from this incarnation of the
/// channel to this gateway, from 1; a gateway that sees a gap or a new incarnation asks for a snapshot
/// (<see cref="IChannelGrain.Attach"/>), so that a lost one-way message heals.
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
/// The roster moved from <c>Version - 1</c> to <c>Version</c>. A snapshot of a large channel may already show what the next
/// diff says, so apply it as it stands: joined and changed lines are what they are now, and who left may be unknown.
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.RosterChanged")]
public sealed record RosterChanged(
    [property: Id(0)] long Version,
    [property: Id(1)] ImmutableArray<Participant> Joined,
    [property: Id(2)] ImmutableArray<Participant> Changed,
    [property: Id(3)] ImmutableArray<ParticipantLeft> Left) : ChannelEvent;

[GenerateSerializer, Immutable, Alias("hype.ParticipantLeft")]
public sealed record ParticipantLeft([property: Id(0)] MemberNumber Number, [property: Id(1)] LeaveReason Reason);

/// <summary>Prepare: build the transport of this layout beside the one that plays.</summary>
[GenerateSerializer, Immutable, Alias("hype.LayoutOpened")]
public sealed record LayoutOpened([property: Id(0)] Layout Layout) : ChannelEvent;

/// <summary>Commit: swap playback to this epoch, then close the older transports.</summary>
[GenerateSerializer, Immutable, Alias("hype.LayoutCommitted")]
public sealed record LayoutCommitted([property: Id(0)] Layout Layout) : ChannelEvent;

/// <summary>For one session: the media node's side of its transport in <c>Offer.Epoch</c>.</summary>
[GenerateSerializer, Immutable, Alias("hype.SfuOffered")]
public sealed record SfuOffered([property: Id(0)] SessionId Session, [property: Id(1)] SfuOffer Offer) : ChannelEvent;

/// <summary>
/// For one session: another node carries its transport of this epoch now, under the same keys. The client is told the new
/// candidates and keeps its connection.
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.EndpointMoved")]
public sealed record EndpointMoved(
    [property: Id(0)] SessionId Session,
    [property: Id(1)] LayoutEpoch Epoch,
    [property: Id(2)] ImmutableArray<NodeCandidate> Candidates,
    [property: Id(3)] string IceUfrag,
    [property: Id(4)] RegionId Region) : ChannelEvent;

/// <summary>The dominant speaker changed (null: nobody speaks).</summary>
[GenerateSerializer, Immutable, Alias("hype.SpeakersChanged")]
public sealed record SpeakersChanged([property: Id(0)] MemberNumber? Dominant) : ChannelEvent;

/// <summary>For one session: it was muted or unmuted by a moderator.</summary>
[GenerateSerializer, Immutable, Alias("hype.SessionModerated")]
public sealed record SessionModerated([property: Id(0)] SessionId Session, [property: Id(1)] bool ServerMuted) : ChannelEvent;

/// <summary>For one session: what it may has changed.</summary>
[GenerateSerializer, Immutable, Alias("hype.SessionGranted")]
public sealed record SessionGranted([property: Id(0)] SessionId Session, [property: Id(1)] Grants Grants) : ChannelEvent;

/// <summary>For one session: it goes on in another channel, where it has a seat already.</summary>
[GenerateSerializer, Immutable, Alias("hype.SessionTransferred")]
public sealed record SessionTransferred([property: Id(0)] SessionId Session, [property: Id(1)] ChannelId Channel, [property: Id(2)] JoinResult Seat) : ChannelEvent;

/// <summary>For one session: it is over.</summary>
[GenerateSerializer, Immutable, Alias("hype.SessionEnded")]
public sealed record SessionEnded([property: Id(0)] SessionId Session, [property: Id(1)] LeaveReason Reason) : ChannelEvent;
