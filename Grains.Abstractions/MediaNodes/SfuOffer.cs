using System.Collections.Immutable;

namespace Hype.Grains.Abstractions.MediaNodes;

/// <summary>
/// The media node's part of the agreement about a member's endpoint. The control plane creates it, and a gateway writes it as an SDP
/// offer.
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.SfuOffer")]
public sealed record SfuOffer
{
    [Id(0)]
    public required LayoutEpoch Epoch { get; init; }

    [Id(1)]
    public required string IceUfrag { get; init; }

    [Id(2)]
    public required string IcePwd { get; init; }

    /// <summary>The SHA-256 hash of the DTLS certificate, upper-case hex with colons (RFC 8122 §5).</summary>
    [Id(3)]
    public required string Fingerprint { get; init; }

    [Id(4)]
    public required ImmutableArray<NodeCandidate> Candidates { get; init; }

    /// <summary>
    /// The SSRC of each slot, which is a stream that the node forwards. A client receives each slot in its own SDP m-line.
    /// </summary>
    [Id(5)]
    public required ImmutableArray<Ssrc> SlotSsrcs { get; init; }

    [Id(6)]
    public required RegionId Region { get; init; }

    /// <summary>True for an ICE restart (RFC 8445 §9) of the client's existing connection, false for a new endpoint.</summary>
    [Id(7)]
    public bool Restart { get; init; }

    /// <summary>Returns the offer without its ICE password, which no log may contain.</summary>
    public override string ToString() => $"SfuOffer {{ {Epoch}, {IceUfrag}, {Region} }}";
}
