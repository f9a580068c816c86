using System.Diagnostics.Metrics;
using Hype.Gateway.Auth;
using Hype.Grains.Abstractions.Naming;

namespace Hype.Gateway.Diagnostics;

/// <summary>Client certificates that were shown and did not count; meter <c>Hype.Gateway</c>.</summary>
internal sealed class CertificateMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _refused = meters.Create(SignalingMetrics.MeterName)
        .CreateCounter<long>("hype.gateway.certificates.refused", "{certificate}", "Requests refused because of their client certificate, by reason.");

    public void Refused(CertificateFlaw flaw) => _refused.Add(1, new KeyValuePair<string, object?>("reason", WireEnum<CertificateFlaw>.NameOf(flaw)));
}
