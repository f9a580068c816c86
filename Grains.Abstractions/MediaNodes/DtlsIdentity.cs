namespace Hype.Grains.Abstractions.MediaNodes;

/// <summary>The certificate that a room presents in DTLS. Held in memory only, on both sides.</summary>
/// <param name="Certificate">X.509, DER; ECDSA P-256.</param>
/// <param name="PrivateKey">PKCS #8, DER.</param>
/// <param name="Fingerprint">SHA-256 of the certificate, upper-case hex with colons.</param>
[GenerateSerializer, Immutable, Alias("hype.DtlsIdentity")]
public sealed record DtlsIdentity(
    [property: Id(0)] byte[] Certificate, [property: Id(1)] byte[] PrivateKey, [property: Id(2)] string Fingerprint)
{
    /// <summary>Never prints the key.</summary>
    public override string ToString() => $"DtlsIdentity {{ {Fingerprint} }}";
}
