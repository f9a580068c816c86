using System.Diagnostics.Metrics;
using Hype.Gateway.Diagnostics;
using Hype.Grains.Abstractions.Naming;
using Hype.Hosting.Telemetry;

namespace Hype.Gateway.Signaling.Replica;

/// <summary>The metrics of channel replicas; meter <c>Hype.Gateway</c>.</summary>
internal sealed class ReplicaMetrics(IMeterFactory meters)
{
    private readonly CounterOf<GapOutcome> _gaps = new(
        meters.Create(GatewayMeter.Name),
        "hype.gateway.gaps",
        "{gap}",
        "Gaps in the numbers of a channel's event batches, by outcome.",
        "outcome",
        WireEnum<GapOutcome>.NameOf);

    public void GapEnded(GapOutcome outcome) => _gaps.Add(outcome);
}
