using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Hype.Silo.Certificates;

/// <summary>
/// The private authority of one cluster. It issues the certificates with which silos and gateways authenticate each other
/// (<c>Hype:ClusterTls</c>).
/// </summary>
internal sealed class ClusterAuthority : IDisposable
{
    private const string Name = "CN=Hype cluster";
    private const int YearsOfAuthority = 10;

    private readonly X509Certificate2 _certificate;

    private ClusterAuthority(X509Certificate2 certificate) => _certificate = certificate;

    public string CertificatePem => _certificate.ExportCertificatePem();

    public string KeyPem
    {
        get
        {
            using var key = _certificate.GetECDsaPrivateKey()!;
            return key.ExportPkcs8PrivateKeyPem();
        }
    }

    public static ClusterAuthority Create(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(
            certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return new ClusterAuthority(request.CreateSelfSigned(Begin(now), now.AddYears(YearsOfAuthority)));
    }

    public static ClusterAuthority Read(string certificateFile, string keyFile) =>
        new(X509Certificate2.CreateFromPemFile(certificateFile, keyFile));

    /// <summary>Issues a certificate for silos and gateways, which open and accept connections, as PEM with its private key.</summary>
    public (string Certificate, string Key) Issue(DateTimeOffset now, TimeSpan lifetime)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Hype silo or gateway", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        // RFC 5280 §4.2.1.12: server and client authentication.
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        var end = now + lifetime;
        var last = new DateTimeOffset(_certificate.NotAfter);
        using var issued = request.Create(_certificate, Begin(now), end < last ? end : last, RandomNumberGenerator.GetBytes(16));
        return (issued.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose() => _certificate.Dispose();

    /// <summary>Returns a time before <paramref name="now"/>, because the clocks of other machines may be behind this one.</summary>
    private static DateTimeOffset Begin(DateTimeOffset now) => now.AddHours(-1);
}
