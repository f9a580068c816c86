using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.MediaNodes;

/// <summary>
/// Creates the cluster's DTLS certificate. It is self-signed, as usual in WebRTC: clients trust it by its fingerprint in the signaling
/// (RFC 8827 §6.5), not by an authority.
/// </summary>
[KeepAlive]
internal sealed class DtlsIdentityGrain(TimeProvider time) : Grain, IDtlsIdentityGrain
{
    /// <summary>The subject of the certificate. It is a constant, so that the certificate does not identify the deployment.</summary>
    private const string Subject = "CN=WebRTC";

    private DtlsIdentity? _identity;

    public Task<DtlsIdentity> Get() => Task.FromResult(_identity ??= Create(time.GetUtcNow()));

    internal static DtlsIdentity Create(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Subject, key, HashAlgorithmName.SHA256);
        // Backdated for clients whose clock is behind.
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(1));
        var fingerprint = SHA256.HashData(certificate.RawData);
        return new DtlsIdentity(certificate.RawData, key.ExportPkcs8PrivateKey(), BitConverter.ToString(fingerprint).Replace('-', ':'));
    }
}
