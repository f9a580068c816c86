using System.Diagnostics.Metrics;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Channels;

namespace Hype.Grains.Diagnostics;

/// <summary>What the control plane counts. Names are read by dashboards: add, never rename.</summary>
internal sealed class GrainMetrics
{
    public const string MeterName = "Hype.Grains";

    private readonly Counter<long> _joins;
    private readonly Histogram<double> _switches;
    private readonly Counter<long> _leases;
    private readonly Histogram<double> _moves;
    private readonly Counter<long> _webhooks;
    private readonly Counter<long> _webhookEventsLost;

    public GrainMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _joins = meter.CreateCounter<long>("hype.channel.joins", "{join}", "Joins, by result.");
        _switches = meter.CreateHistogram<double>("hype.channel.switch.duration", "s", "From opening a layout to its commit, by mode and reason.");
        _leases = meter.CreateCounter<long>("hype.node.leases.ended", "{lease}", "Media nodes whose lease ended.");
        _moves = meter.CreateHistogram<double>("hype.channel.move.duration", "s", "From the decision to move a transport to another node until that node saw its client, by way.");
        _webhooks = meter.CreateCounter<long>("hype.webhook.requests", "{request}", "Requests to receivers of webhooks, by receiver and result.");
        _webhookEventsLost = meter.CreateCounter<long>("hype.webhook.events.lost", "{event}", "Events that were dropped because too many waited for a receiver, by receiver.");
    }

    /// <param name="way">The heaviest that was needed.</param>
    public void Moved(MoveStage way, TimeSpan took) => _moves.Record(took.TotalSeconds, new KeyValuePair<string, object?>("way", way switch
    {
        MoveStage.Candidate or MoveStage.Restarting => "candidate",
        MoveStage.IceRestart => "ice_restart",
        _ => "new_connection",
    }));

    public void Joined(VoiceError result) => _joins.Add(1, new KeyValuePair<string, object?>("result", result.ToString()));

    public void Switched(Layout layout, TimeSpan took) => _switches.Record(
        took.TotalSeconds,
        new KeyValuePair<string, object?>("mode", layout.Mode.ToString()),
        new KeyValuePair<string, object?>("reason", layout.Reason.ToString()));

    public void LeaseEnded() => _leases.Add(1);

    public void WebhookSent(string receiver, bool taken) =>
        _webhooks.Add(1, new KeyValuePair<string, object?>("receiver", receiver), new KeyValuePair<string, object?>("result", taken ? "taken" : "refused"));

    public void WebhookEventsLost(string receiver, int events) => _webhookEventsLost.Add(events, new KeyValuePair<string, object?>("receiver", receiver));
}
