namespace Hype.Grains.Abstractions.MediaNodes;

/// <summary>The certificate that all rooms present in DTLS. The silos and the media nodes hold it only in memory.</summary>
/// <param name="Certificate">X.509, DER; ECDSA P-256.</param>
/// <param name="PrivateKey">PKCS #8, DER.</param>
/// <param name="Fingerprint">SHA-256 of the certificate, upper-case hex with colons.</param>
[GenerateSerializer, Immutable, Alias("hype.DtlsIdentity")]
public sealed record DtlsIdentity(
    [property: Id(0)] byte[] Certificate, [property: Id(1)] byte[] PrivateKey, [property: Id(2)] string Fingerprint)
{
    /// <summary>Returns the fingerprint without the private key, which no log may contain.</summary>
    public override string ToString() => $"DtlsIdentity {{ {Fingerprint} }}";
}
