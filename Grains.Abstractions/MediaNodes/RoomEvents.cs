using Hype.Grains.Abstractions.Channels;

namespace Hype.Grains.Abstractions.MediaNodes;

/// <summary>What a media node saw in the room of a channel's epoch.</summary>
[GenerateSerializer, Immutable, Alias("hype.RoomEvent")]
public abstract record RoomEvent
{
    [Id(0)]
    public required ChannelId Channel { get; init; }

    [Id(1)]
    public required RoomEpoch Epoch { get; init; }
}

/// <summary>ICE, DTLS and the fingerprint check are done: the endpoint's media counts.</summary>
[GenerateSerializer, Immutable, Alias("hype.EndpointConnected")]
public sealed record EndpointConnected([property: Id(0)] MemberNumber Number) : RoomEvent;

/// <summary>The endpoint is gone: consent expired (RFC 7675), DTLS failed or closed, or the fingerprint was another's.</summary>
[GenerateSerializer, Immutable, Alias("hype.EndpointClosed")]
public sealed record EndpointClosed([property: Id(0)] MemberNumber Number, [property: Id(1)] EndpointCloseReason Reason) : RoomEvent;

[GenerateSerializer, Immutable, Alias("hype.DominantSpeakerChanged")]
public sealed record DominantSpeakerChanged([property: Id(0)] MemberNumber? Number) : RoomEvent;

/// <summary>The path between this participant and the node, from RTCP (RFC 3550 §6.4).</summary>
[GenerateSerializer, Immutable, Alias("hype.EndpointQuality")]
public sealed record EndpointQuality(
    [property: Id(0)] MemberNumber Number,
    [property: Id(1)] double LossPercent,
    [property: Id(2)] double JitterMs,
    [property: Id(3)] double RoundTripMs) : RoomEvent;

/// <summary>The newest ticket of an endpoint, which replaces the one before.</summary>
[GenerateSerializer, Immutable, Alias("hype.EndpointTicketed")]
public sealed record EndpointTicketed([property: Id(0)] MemberNumber Number, [property: Id(1)] TransportTicket Ticket) : RoomEvent;

/// <summary>Nothing comes over this link any more.</summary>
[GenerateSerializer, Immutable, Alias("hype.LinkLost")]
public sealed record LinkLost([property: Id(0)] string Link) : RoomEvent;

[Alias("hype.EndpointCloseReason")]
public enum EndpointCloseReason
{
    ConsentExpired = 0,
    DtlsFailed = 1,
    FingerprintMismatch = 2,
    PeerClosed = 3,

    /// <summary>Nobody connected within the node's connect timeout.</summary>
    NeverConnected = 4,
}
