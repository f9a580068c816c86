using System.Security.Cryptography;

namespace Hype.MediaNode.Dtls;

/// <summary>
/// The hash algorithm of a certificate fingerprint. The numeric values are part of the ticket format
/// (<see cref="Tickets.TransportTickets"/>).
/// </summary>
internal enum FingerprintHash : byte
{
    Sha256 = 1,
    Sha384 = 2,
    Sha512 = 3,
}

internal static class FingerprintHashes
{
    /// <summary>Returns the length of a fingerprint by this algorithm, in bytes.</summary>
    public static int Length(this FingerprintHash hash) => hash switch
    {
        FingerprintHash.Sha256 => 32,
        FingerprintHash.Sha384 => 48,
        _ => 64,
    };

    public static HashAlgorithmName Name(this FingerprintHash hash) => hash switch
    {
        FingerprintHash.Sha256 => HashAlgorithmName.SHA256,
        FingerprintHash.Sha384 => HashAlgorithmName.SHA384,
        _ => HashAlgorithmName.SHA512,
    };
}

/// <summary>The fingerprint of a peer's certificate, from the peer's SDP (<c>a=fingerprint</c>, RFC 8122 §5).</summary>
internal sealed class CertificateFingerprint
{
    private readonly byte[] _value;

    private CertificateFingerprint(FingerprintHash hash, byte[] value)
    {
        Hash = hash;
        _value = value;
    }

    public FingerprintHash Hash { get; }

    public ReadOnlySpan<byte> Value => _value;

    /// <param name="algorithm"><c>sha-256</c>, <c>sha-384</c> or <c>sha-512</c>; older ones are refused (RFC 8122 §5 forbids
    /// MD5).</param>
    /// <param name="value">The number of bytes that the algorithm produces.</param>
    public static CertificateFingerprint? TryCreate(string algorithm, byte[] value) => algorithm.ToLowerInvariant() switch
    {
        "sha-256" => TryCreate(FingerprintHash.Sha256, value),
        "sha-384" => TryCreate(FingerprintHash.Sha384, value),
        "sha-512" => TryCreate(FingerprintHash.Sha512, value),
        _ => null,
    };

    public static CertificateFingerprint? TryCreate(FingerprintHash hash, byte[] value) =>
        value.Length == hash.Length() ? new CertificateFingerprint(hash, value) : null;

    public bool Matches(ReadOnlySpan<byte> certificate) =>
        CryptographicOperations.FixedTimeEquals(CryptographicOperations.HashData(Hash.Name(), certificate), _value);

    /// <summary>
    /// Returns true if both fingerprints have the same algorithm and the same value. Fingerprints by different algorithms never compare as
    /// equal, because a comparison would need the certificate.
    /// </summary>
    public bool IsSameAs(CertificateFingerprint other) =>
        Hash == other.Hash && CryptographicOperations.FixedTimeEquals(_value, other._value);

    /// <summary>Returns the fingerprint in the form of SDP: upper-case hex with colons.</summary>
    public static string Write(ReadOnlySpan<byte> value) =>
        string.Join(':', Convert.ToHexString(value).Chunk(2).Select(digits => new string(digits)));
}
