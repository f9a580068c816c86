using System.Diagnostics.Metrics;
using Hype.Gateway.Diagnostics;

namespace Hype.Gateway.NodeRegistry;

/// <summary>Counts the media nodes that are registered through this gateway.</summary>
internal sealed class NodeStreamMetrics
{
    private int _streams;

    public NodeStreamMetrics(IMeterFactory meters) => meters.Create(GatewayMeter.Name)
        .CreateObservableGauge(
            "hype.gateway.node_streams", () => Volatile.Read(ref _streams), "{stream}", "Media nodes registered through this gateway.");

    public void StreamOpened() => Interlocked.Increment(ref _streams);

    public void StreamEnded() => Interlocked.Decrement(ref _streams);
}
