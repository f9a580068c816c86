using System.Security.Cryptography;

namespace Hype.Gateway.Auth;

/// <summary>Reads the public keys of the configuration: ECDSA on P-256 (ES256, RFC 7518 §3.4), as PEM.</summary>
internal static class PublicKeys
{
    private const string P256 = "1.2.840.10045.3.1.7";
    private const string Label = "PUBLIC KEY";

    /// <returns>The flaw; null when the key was read. The sentence has none of the text, which may be a private key by mistake.</returns>
    public static string? Read(string pem, out ECDsa? key)
    {
        key = null;
        if (!PemEncoding.TryFind(pem, out var fields))
            return "is not PEM: it must begin with -----BEGIN PUBLIC KEY-----.";
        if (!pem[fields.Label].Equals(Label, StringComparison.Ordinal))
            return $"must be a {Label}, the public half alone: a private key belongs to the application that signs.";
        var read = ECDsa.Create();
        try
        {
            read.ImportFromPem(pem);
            if (read.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == P256)
            {
                key = read;
                return null;
            }
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or PlatformNotSupportedException)
        {
            // Another algorithm, or not a key: the advice is the same.
        }

        read.Dispose();
        return "must be an ECDSA key on the curve P-256, as `openssl ecparam -name prime256v1 -genkey` makes one.";
    }
}
