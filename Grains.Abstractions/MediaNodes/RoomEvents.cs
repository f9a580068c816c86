namespace Hype.Grains.Abstractions.MediaNodes;

/// <summary>An event that a media node observed in a room.</summary>
[GenerateSerializer, Immutable, Alias("hype.RoomEvent")]
public abstract record RoomEvent
{
    [Id(0)]
    public required ChannelId Channel { get; init; }

    [Id(1)]
    public required RoomEpoch Epoch { get; init; }
}

/// <summary>ICE, DTLS and the fingerprint check succeeded: the endpoint's media is forwarded from now on.</summary>
[GenerateSerializer, Immutable, Alias("hype.EndpointConnected")]
public sealed record EndpointConnected([property: Id(0)] MemberNumber Number) : RoomEvent;

/// <summary>The endpoint is gone: consent expired (RFC 7675), DTLS failed or closed, or the fingerprint did not match.</summary>
[GenerateSerializer, Immutable, Alias("hype.EndpointClosed")]
public sealed record EndpointClosed([property: Id(0)] MemberNumber Number, [property: Id(1)] EndpointCloseReason Reason) : RoomEvent;

/// <summary>Another member is the dominant speaker; null: no member speaks.</summary>
[GenerateSerializer, Immutable, Alias("hype.DominantSpeakerChanged")]
public sealed record DominantSpeakerChanged([property: Id(0)] MemberNumber? Number) : RoomEvent;

/// <summary>The quality of the path between a member and the node, from RTCP (RFC 3550 §6.4).</summary>
[GenerateSerializer, Immutable, Alias("hype.EndpointQuality")]
public sealed record EndpointQuality(
    [property: Id(0)] MemberNumber Number,
    [property: Id(1)] double LossPercent,
    [property: Id(2)] double JitterMs,
    [property: Id(3)] double RoundTripMs) : RoomEvent;

/// <summary>The newest ticket of an endpoint; it replaces the previous one.</summary>
[GenerateSerializer, Immutable, Alias("hype.EndpointTicketed")]
public sealed record EndpointTicketed([property: Id(0)] MemberNumber Number, [property: Id(1)] TransportTicket Ticket) : RoomEvent;

/// <summary>No packet arrives over this link any more.</summary>
[GenerateSerializer, Immutable, Alias("hype.LinkLost")]
public sealed record LinkLost([property: Id(0)] string Link) : RoomEvent;

/// <summary>The reason for which a node closed an endpoint.</summary>
[Alias("hype.EndpointCloseReason")]
public enum EndpointCloseReason
{
    ConsentExpired = 0,
    DtlsFailed = 1,
    FingerprintMismatch = 2,
    PeerClosed = 3,

    /// <summary>No client connected within the node's connect timeout.</summary>
    NeverConnected = 4,
}
