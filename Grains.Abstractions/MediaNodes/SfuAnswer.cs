namespace Hype.Grains.Abstractions.MediaNodes;

/// <summary>
/// The client's part of the agreement about an endpoint: ICE credentials and certificate fingerprint, which a gateway reads from the SDP
/// answer.
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.SfuAnswer")]
public sealed record SfuAnswer
{
    [Id(0)]
    public required LayoutEpoch Epoch { get; init; }

    [Id(1)]
    public required string IceUfrag { get; init; }

    [Id(2)]
    public required string IcePwd { get; init; }

    /// <summary>
    /// The hash function of <see cref="Fingerprint"/> as SDP names it: <c>sha-256</c>, <c>sha-384</c> or <c>sha-512</c>.
    /// </summary>
    [Id(3)]
    public required string FingerprintAlgorithm { get; init; }

    [Id(4)]
    public required byte[] Fingerprint { get; init; }

    /// <summary>Returns the answer without its ICE password, which no log may contain.</summary>
    public override string ToString() => $"SfuAnswer {{ {Epoch}, {IceUfrag} }}";
}
