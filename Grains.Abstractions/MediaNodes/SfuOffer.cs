using System.Collections.Immutable;
using Hype.Grains.Abstractions.Regions;

namespace Hype.Grains.Abstractions.MediaNodes;

/// <summary>A UDP address of a media node (RFC 8445 host candidate).</summary>
[GenerateSerializer, Immutable, Alias("hype.NodeCandidate")]
public sealed record NodeCandidate([property: Id(0)] string Address, [property: Id(1)] int Port);

/// <summary>The node's side of one participant's transport, invented by the control plane; a gateway writes it as SDP.</summary>
[GenerateSerializer, Immutable, Alias("hype.SfuOffer")]
public sealed record SfuOffer
{
    [Id(0)]
    public required LayoutEpoch Epoch { get; init; }

    [Id(1)]
    public required string IceUfrag { get; init; }

    [Id(2)]
    public required string IcePwd { get; init; }

    /// <summary>SHA-256 of the DTLS certificate, upper-case hex with colons (RFC 8122 §5).</summary>
    [Id(3)]
    public required string Fingerprint { get; init; }

    [Id(4)]
    public required ImmutableArray<NodeCandidate> Candidates { get; init; }

    /// <summary>The SSRC of each slot; their number is the number of receive-only m-lines.</summary>
    [Id(5)]
    public required ImmutableArray<Ssrc> SlotSsrcs { get; init; }

    [Id(6)]
    public required RegionId Region { get; init; }

    /// <summary>An ICE restart (RFC 8445 §9) of the transport that the client has, and not a new one.</summary>
    [Id(7)]
    public bool Restart { get; init; }
}

/// <summary>The client's side, as a gateway read it from the SDP answer.</summary>
[GenerateSerializer, Immutable, Alias("hype.SfuAnswer")]
public sealed record SfuAnswer
{
    [Id(0)]
    public required LayoutEpoch Epoch { get; init; }

    [Id(1)]
    public required string IceUfrag { get; init; }

    [Id(2)]
    public required string IcePwd { get; init; }

    /// <summary>Hash function of <see cref="Fingerprint"/> as SDP names it: <c>sha-256</c>, <c>sha-384</c> or <c>sha-512</c>.</summary>
    [Id(3)]
    public required string FingerprintAlgorithm { get; init; }

    [Id(4)]
    public required byte[] Fingerprint { get; init; }
}
