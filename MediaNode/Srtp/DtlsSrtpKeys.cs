namespace Hype.MediaNode.Srtp;

/// <summary>
/// The keying material that DTLS exports under the label <c>EXTRACTOR-dtls_srtp</c> (RFC 5764 §4.2), split into its parts:
/// <code>
/// | client's master key | server's master key | client's master salt | server's master salt |
/// </code>
/// "Client" and "server" are the roles in DTLS: each side protects with its own keys and unprotects with the other's.
/// </summary>
internal readonly ref struct DtlsSrtpKeys
{
    public const string ExporterLabel = "EXTRACTOR-dtls_srtp";

    public DtlsSrtpKeys(SrtpProfile profile, ReadOnlySpan<byte> keyingMaterial)
    {
        var parameters = SrtpProfileParameters.Of(profile);
        ArgumentOutOfRangeException.ThrowIfNotEqual(keyingMaterial.Length, parameters.KeyingMaterialLength);
        var (key, salt) = (parameters.KeyLength, parameters.SaltLength);
        ClientKey = keyingMaterial[..key];
        ServerKey = keyingMaterial.Slice(key, key);
        ClientSalt = keyingMaterial.Slice(2 * key, salt);
        ServerSalt = keyingMaterial.Slice((2 * key) + salt, salt);
    }

    public ReadOnlySpan<byte> ClientKey { get; }

    public ReadOnlySpan<byte> ServerKey { get; }

    public ReadOnlySpan<byte> ClientSalt { get; }

    public ReadOnlySpan<byte> ServerSalt { get; }
}
