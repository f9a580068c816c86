using System.Collections.Immutable;

namespace Hype.Grains.Abstractions.MediaNodes;

/// <summary>
/// What makes a connected transport, so that any node can carry it on under the same keys. Handed out by the node that did the
/// handshake, held in the channel's memory, given to the node that takes over; never stored, logged or shown.
/// </summary>
/// <param name="IceUfrag">Which of the participant's transports it is.</param>
/// <param name="SlotSsrcs">The SSRC of each slot.</param>
/// <param name="Fingerprint">Of the node's certificate in the handshake: an offer for this transport names it, whoever carries it.</param>
/// <param name="Version">The higher one is the newer.</param>
/// <param name="Sealed">Keys and indices; a node's business only.</param>
[GenerateSerializer, Immutable, Alias("hype.TransportTicket")]
public sealed record TransportTicket(
    [property: Id(0)] string IceUfrag,
    [property: Id(1)] ImmutableArray<Ssrc> SlotSsrcs,
    [property: Id(2)] string Fingerprint,
    [property: Id(3)] long Version,
    [property: Id(4)] byte[] Sealed)
{
    /// <summary>Never prints the keys.</summary>
    public override string ToString() => $"TransportTicket {{ {Version} }}";
}

/// <summary>Someone in a room, as its node lists it.</summary>
/// <param name="Ticket">Null while it has none: not connected yet, or not portable.</param>
[GenerateSerializer, Immutable, Alias("hype.ListedEndpoint")]
public sealed record ListedEndpoint([property: Id(0)] MemberNumber Number, [property: Id(1)] TransportTicket? Ticket);

/// <summary>The last ticket of an endpoint that its node hands over, or why there is none.</summary>
[GenerateSerializer, Immutable, Alias("hype.ReleasedEndpoint")]
public sealed record ReleasedEndpoint([property: Id(0)] Errors.VoiceError Error, [property: Id(1)] TransportTicket? Ticket);

/// <summary>Who is in a room, or why nobody can tell.</summary>
/// <param name="Links">The room's ends of links, by name.</param>
[GenerateSerializer, Immutable, Alias("hype.ListedEndpoints")]
public sealed record ListedEndpoints([property: Id(0)] Errors.VoiceError Error, [property: Id(1)] ImmutableArray<ListedEndpoint> Endpoints, [property: Id(2)] ImmutableArray<string> Links)
{
    /// <summary>By slot, the number of who is heard in it; 0: nobody.</summary>
    [Id(3)]
    public ImmutableArray<MemberNumber> Slots { get; init; } = [];

    public static ListedEndpoints Failed(Errors.VoiceError error) => new(error, [], []);
}
