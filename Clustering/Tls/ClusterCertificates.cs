using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Hype.Clustering.Tls;

/// <summary>
/// Checks the certificate of a peer: one of the cluster's authorities issued it for the peer's role. Names are not compared, because every
/// certificate of these authorities belongs to a silo or gateway of the cluster, and silos are known by address only.
/// </summary>
internal sealed class ClusterCertificates(X509Certificate2Collection authorities)
{
    /// <summary>The key usage of the side that accepts a connection (RFC 5280 §4.2.1.12).</summary>
    public const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>The key usage of the side that opens a connection.</summary>
    public const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <returns>The flaw of the certificate; null if its owner belongs to the cluster.</returns>
    public string? FlawOf(X509Certificate2 certificate, string role)
    {
        using var chain = new X509Chain();
        // The issuer's address in a stranger's certificate is the stranger's choice.
        chain.ChainPolicy.DisableCertificateDownloads = true;
        // A private authority publishes no revocation list: after a theft, the authority is replaced with all certificates.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(role));
        if (chain.Build(certificate))
            return null;
        return string.Join(", ", chain.ChainStatus.Select(status => status.Status).Distinct());
    }
}
