using System.Diagnostics.Metrics;

namespace Hype.MediaNode.Diagnostics;

/// <summary>What happens between this node and the control plane; meter <c>Hype.MediaNode</c>. Names are read by dashboards: add, never rename.</summary>
internal sealed class ControlMetrics
{
    public const string MeterName = "Hype.MediaNode";
    public const string RefusedOrders = "hype.media.orders.refused";

    private long _refused;
    private long _dropped;

    public ControlMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableCounter(RefusedOrders, () => Interlocked.Read(ref _refused), "{call}", "Orders without the right control token.");
        meter.CreateObservableCounter(
            "hype.media.events.dropped", () => Interlocked.Read(ref _dropped), "{event}", "Quality and speaker events that did not fit while the control plane was away.");
    }

    public void Refused() => Interlocked.Increment(ref _refused);

    public void EventDropped() => Interlocked.Increment(ref _dropped);
}
