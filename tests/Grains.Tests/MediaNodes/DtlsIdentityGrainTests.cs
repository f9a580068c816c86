using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hype.Grains.MediaNodes;

namespace Hype.Grains.Tests.MediaNodes;

public sealed class DtlsIdentityGrainTests
{
    [Test]
    public void Certificate_uses_P256_and_matches_its_key_and_fingerprint()
    {
        var identity = DtlsIdentityGrain.Create(DateTimeOffset.UtcNow);
        using var certificate = X509CertificateLoader.LoadCertificate(identity.Certificate);
        byte[] data = [1, 2, 3];
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(identity.PrivateKey, out _);

        Assert.That(key.KeySize, Is.EqualTo(256));
        Assert.That(
            certificate.GetECDsaPublicKey()!.VerifyData(data, key.SignData(data, HashAlgorithmName.SHA256), HashAlgorithmName.SHA256));
        Assert.That(identity.Fingerprint.Replace(":", ""), Is.EqualTo(Convert.ToHexString(SHA256.HashData(identity.Certificate))));
        Assert.That(identity.Fingerprint, Does.Match("^([0-9A-F]{2}:){31}[0-9A-F]{2}$"));
    }
}
