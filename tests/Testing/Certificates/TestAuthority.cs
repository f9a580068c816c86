using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Hype.Testing.Certificates;

/// <summary>
/// An authority that issues certificates for tests, and writes them to files as an operator has them. The certificates are valid for
/// years, so that tests do not depend on the clock.
/// </summary>
public sealed class TestAuthority : IDisposable
{
    public const string ForClients = "1.3.6.1.5.5.7.3.2";
    public const string ForServers = "1.3.6.1.5.5.7.3.1";

    /// <summary>The use of a silo's certificate: silos open connections and accept them.</summary>
    public const string ForBoth = $"{ForClients} {ForServers}";

    private static readonly DateTimeOffset Begin = Year(2015);
    private static readonly DateTimeOffset End = Year(2095);

    private readonly X509Certificate2 _authority;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hype-certificates-");

    public TestAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        _authority = request.CreateSelfSigned(Begin, End);
        File.WriteAllText(AuthorityFile, _authority.ExportCertificatePem());
        (ServerFile, ServerKeyFile) = CertifyToFiles("CN=localhost", ForServers);
    }

    public string AuthorityFile => Path.Combine(_folder.FullName, "authority.pem");

    public string ServerFile { get; }

    public string ServerKeyFile { get; }

    public static DateTimeOffset Year(int year) => new(year, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Issues a certificate with its private key.</summary>
    public X509Certificate2 Certify(string subject, string use = ForClients, DateTimeOffset? from = null, DateTimeOffset? until = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Request(subject, use, key).Create(
            _authority, from ?? Begin, until ?? End, RandomNumberGenerator.GetBytes(16));
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>Issues a certificate, and writes it and its private key as PEM files to the authority's folder.</summary>
    public (string Certificate, string Key) CertifyToFiles(string subject, string use = ForClients, DateTimeOffset? until = null)
    {
        using var certificate = Certify(subject, use, until: until);
        using var key = certificate.GetECDsaPrivateKey()!;
        var path = Path.Combine(_folder.FullName, certificate.SerialNumber);
        File.WriteAllText($"{path}.pem", certificate.ExportCertificatePem());
        File.WriteAllText($"{path}.key", key.ExportPkcs8PrivateKeyPem());
        return ($"{path}.pem", $"{path}.key");
    }

    public static X509Certificate2 SelfSigned(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Request(subject, ForClients, key).CreateSelfSigned(Begin, End);
    }

    /// <summary>
    /// Creates the handler of an HTTP client that trusts this authority's servers and always presents <paramref name="certificate"/>.
    /// </summary>
    public SocketsHttpHandler Handler(X509Certificate2? certificate = null)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { _authority },
        };
        if (certificate is not null)
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        return handler;
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private static CertificateRequest Request(string subject, string use, ECDsa key)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        Oid[] uses = [.. use.Split(' ').Select(one => new Oid(one))];
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. uses], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request;
    }
}
