using System.Diagnostics.Metrics;

namespace Hype.MediaNode.Diagnostics;

/// <summary>
/// The metrics of the connection between this node and the control plane; meter <c>Hype.MediaNode</c>. Dashboards depend on the names of
/// metrics: add a metric, but never rename one.
/// </summary>
internal sealed class ControlMetrics
{
    public const string MeterName = "Hype.MediaNode";
    public const string RefusedOrders = "hype.media.orders.refused";

    private long _refused;
    private long _dropped;

    public ControlMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableCounter(
            RefusedOrders, () => Interlocked.Read(ref _refused), "{call}", "Node orders without the right control token.");
        meter.CreateObservableCounter(
            "hype.media.events.dropped", () => Interlocked.Read(ref _dropped), "{event}",
            "Quality and speaker events dropped because the queue was full while the control plane was away.");
    }

    public void OrderRefused() => Interlocked.Increment(ref _refused);

    public void EventDropped() => Interlocked.Increment(ref _dropped);
}
