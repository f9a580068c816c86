using System.Diagnostics.Metrics;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;

namespace Hype.Grains.Diagnostics;

/// <summary>What the control plane counts. Names are read by dashboards: add, never rename.</summary>
internal sealed class GrainMetrics
{
    public const string MeterName = "Hype.Grains";

    private readonly Counter<long> _joins;
    private readonly Histogram<double> _switches;
    private readonly Counter<long> _leases;

    public GrainMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _joins = meter.CreateCounter<long>("hype.channel.joins", "{join}", "Joins, by result.");
        _switches = meter.CreateHistogram<double>("hype.channel.switch.duration", "s", "From opening a layout to its commit, by mode and reason.");
        _leases = meter.CreateCounter<long>("hype.node.leases.ended", "{lease}", "Media nodes whose lease ended.");
    }

    public void Joined(VoiceError result) => _joins.Add(1, new KeyValuePair<string, object?>("result", result.ToString()));

    public void Switched(Layout layout, TimeSpan took) => _switches.Record(
        took.TotalSeconds,
        new KeyValuePair<string, object?>("mode", layout.Mode.ToString()),
        new KeyValuePair<string, object?>("reason", layout.Reason.ToString()));

    public void LeaseEnded() => _leases.Add(1);
}
