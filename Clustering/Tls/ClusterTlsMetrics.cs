using System.Diagnostics.Metrics;
using System.Security.Cryptography.X509Certificates;

namespace Hype.Clustering.Tls;

/// <summary>
/// Exports the remaining validity of this process's certificate. After it has expired, the process opens and accepts no new connection
/// within the cluster, so an alert must precede it.
/// </summary>
internal sealed class ClusterTlsMetrics(IMeterFactory meters, TimeProvider time)
{
    public const string MeterName = "Hype.Clustering";

    /// <summary>Exports the certificate's validity from now on; called once, and not at all without TLS.</summary>
    public void Export(X509Certificate2 certificate)
    {
        var expires = new DateTimeOffset(certificate.NotAfter);
        meters.Create(MeterName).CreateObservableGauge(
            "hype.cluster.certificate.expires", () => (expires - time.GetUtcNow()).TotalSeconds, "s",
            "Time until the certificate of this process for connections within the cluster expires.");
    }
}
