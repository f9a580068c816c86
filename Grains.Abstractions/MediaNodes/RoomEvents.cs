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

/// <summary>
/// The endpoint is connected: ICE, DTLS and the fingerprint check succeeded, and the node forwards its media from now on.
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.EndpointConnected")]
public sealed record EndpointConnected([property: Id(0)] MemberNumber Number) : RoomEvent;

/// <summary>
/// The node closed the endpoint: consent expired (RFC 7675), DTLS failed or was closed, or the fingerprint did not match.
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.EndpointClosed")]
public sealed record EndpointClosed([property: Id(0)] MemberNumber Number, [property: Id(1)] EndpointCloseReason Reason) : RoomEvent;

/// <summary>Another member is the dominant speaker; null if no member speaks.</summary>
[GenerateSerializer, Immutable, Alias("hype.DominantSpeakerChanged")]
public sealed record DominantSpeakerChanged([property: Id(0)] MemberNumber? Number) : RoomEvent;

/// <summary>The quality of the path between a member and the node, from RTCP (RFC 3550 §6.4).</summary>
[GenerateSerializer, Immutable, Alias("hype.EndpointQuality")]
public sealed record EndpointQuality(
    [property: Id(0)] MemberNumber Number,
    [property: Id(1)] double LossPercent,
    [property: Id(2)] double JitterMs,
    [property: Id(3)] double RoundTripMs) : RoomEvent;

/// <summary>
/// The node issued a ticket: the sealed state from which another node can continue the endpoint. It replaces the endpoint's previous
/// ticket.
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.EndpointTicketed")]
public sealed record EndpointTicketed([property: Id(0)] MemberNumber Number, [property: Id(1)] TransportTicket Ticket) : RoomEvent;

/// <summary>
/// The member has sent more media, RTCP, DTLS or STUN than its node permits, for 5 s. The node drops the excess, and repeats the report
/// after a minute.
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.EndpointFlooding")]
public sealed record EndpointFlooding([property: Id(0)] MemberNumber Number) : RoomEvent;

/// <summary>The node no longer receives packets over this link to another room.</summary>
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

    /// <summary>The client did not connect within the connect timeout of the node.</summary>
    NeverConnected = 4,

    /// <summary>The code of the node failed; a new endpoint may work.</summary>
    Failed = 5,
}
