using System.Diagnostics.Metrics;
using Hype.Gateway.Diagnostics;
using Hype.Grains.Abstractions.Naming;
using Hype.Hosting.Telemetry;

namespace Hype.Gateway.Limits;

/// <summary>Counts refusals by rate limits; meter <c>Hype.Gateway</c>.</summary>
internal sealed class LimitMetrics(IMeterFactory meters)
{
    private readonly CounterOf<LimitReason> _limited = new(
        meters.Create(GatewayMeter.Name),
        "hype.gateway.limited", "{refusal}",
        "Sockets, joins, messages and requests refused by a rate limit, by limit.", "limit", WireEnum<LimitReason>.NameOf);

    public void Limited(LimitReason reason) => _limited.Add(reason);
}
