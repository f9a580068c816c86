using System.Diagnostics.Metrics;
using Hype.Gateway.Diagnostics;
using Hype.Grains.Abstractions.Naming;
using Hype.Hosting.Telemetry;

namespace Hype.Gateway.Auth;

/// <summary>Counts refused client certificates; meter <c>Hype.Gateway</c>.</summary>
internal sealed class CertificateMetrics(IMeterFactory meters)
{
    private readonly CounterOf<CertificateFlaw> _refused = new(
        meters.Create(GatewayMeter.Name),
        "hype.gateway.certificates.refused", "{certificate}", "Requests refused because of their client certificate, by reason.",
        "reason", WireEnum<CertificateFlaw>.NameOf);

    public void Refused(CertificateFlaw flaw) => _refused.Add(flaw);
}
