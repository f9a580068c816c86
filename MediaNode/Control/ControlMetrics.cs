using System.Diagnostics.Metrics;

namespace Hype.MediaNode.Control;

/// <summary>What happens between this node and the control plane; meter <c>Hype.MediaNode</c>. Names are read by dashboards: add, never rename.</summary>
internal sealed class ControlMetrics
{
    public const string MeterName = "Hype.MediaNode";
    public const string RefusedOrders = "hype.node.orders.refused";

    private readonly Counter<long> _refused;
    private readonly Counter<long> _dropped;

    public ControlMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _refused = meter.CreateCounter<long>(RefusedOrders, "{call}", "Orders without the right control token.");
        _dropped = meter.CreateCounter<long>("hype.node.events.dropped", "{event}", "Quality and speaker events that did not fit while the control plane was away.");
    }

    public void Refused() => _refused.Add(1);

    public void EventDropped() => _dropped.Add(1);
}
