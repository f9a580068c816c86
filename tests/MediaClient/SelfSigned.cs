using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hype.MediaNode.Dtls;

namespace Hype.MediaClient;

/// <summary>A self-signed ECDSA P-256 certificate, like the one that a browser creates for a connection.</summary>
internal sealed class SelfSigned
{
    public static readonly SelfSigned Node = new("node");
    public static readonly SelfSigned Client = new("client");

    public SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        Certificate = certificate.RawData;
        PrivateKey = key.ExportPkcs8PrivateKey();
    }

    /// <summary>The certificate in X.509 form, DER.</summary>
    public byte[] Certificate { get; }

    /// <summary>The private key in PKCS #8 form, DER.</summary>
    public byte[] PrivateKey { get; }

    public byte[] Sha256 => SHA256.HashData(Certificate);

    /// <param name="profiles">SRTP profiles by OpenSSL's names; null: all.</param>
    public DtlsContext NewContext(string? profiles = null) => new(Certificate, PrivateKey, profiles);
}
