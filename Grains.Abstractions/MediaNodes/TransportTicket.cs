using System.Collections.Immutable;

namespace Hype.Grains.Abstractions.MediaNodes;

/// <summary>
/// The sealed state of a connected endpoint, from which any media node can continue the endpoint under the same keys. The node that did
/// the DTLS handshake issues it, the channel holds it in memory, and the node that takes over receives it. It is never stored, logged or
/// shown.
/// </summary>
/// <param name="IceUfrag">Identifies the endpoint among those of its member.</param>
/// <param name="SlotSsrcs">The SSRC of each slot.</param>
/// <param name="Fingerprint">The node certificate of the handshake: an offer for this endpoint names it on any node.</param>
/// <param name="Version">The higher version is the newer ticket.</param>
/// <param name="Sealed">Keys and index limits, readable by nodes only.</param>
[GenerateSerializer, Immutable, Alias("hype.TransportTicket")]
public sealed record TransportTicket(
    [property: Id(0)] string IceUfrag,
    [property: Id(1)] ImmutableArray<Ssrc> SlotSsrcs,
    [property: Id(2)] string Fingerprint,
    [property: Id(3)] long Version,
    [property: Id(4)] byte[] Sealed)
{
    /// <summary>Returns the version of the ticket without its keys, which no log may contain.</summary>
    public override string ToString() => $"TransportTicket {{ {Version} }}";
}
