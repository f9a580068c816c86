using System.Security.Cryptography;

namespace Hype.MediaNode.Transport;

/// <summary>What a peer's SDP said of its certificate (<c>a=fingerprint</c>, RFC 8122 §5).</summary>
internal sealed class CertificateFingerprint
{
    private readonly HashAlgorithmName _algorithm;
    private readonly byte[] _hash;

    private CertificateFingerprint(HashAlgorithmName algorithm, byte[] hash)
    {
        _algorithm = algorithm;
        _hash = hash;
    }

    /// <param name="algorithm"><c>sha-256</c>, <c>sha-384</c> or <c>sha-512</c>; older ones are refused (RFC 8122 §5 forbids MD5).</param>
    /// <param name="hash">As many bytes as the algorithm gives.</param>
    public static CertificateFingerprint? TryCreate(string algorithm, byte[] hash) => (algorithm.ToLowerInvariant(), hash.Length) switch
    {
        ("sha-256", 32) => new(HashAlgorithmName.SHA256, hash),
        ("sha-384", 48) => new(HashAlgorithmName.SHA384, hash),
        ("sha-512", 64) => new(HashAlgorithmName.SHA512, hash),
        _ => null,
    };

    public bool Matches(ReadOnlySpan<byte> certificate) =>
        CryptographicOperations.FixedTimeEquals(CryptographicOperations.HashData(_algorithm, certificate), _hash);
}
