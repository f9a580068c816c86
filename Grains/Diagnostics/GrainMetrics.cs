using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Naming;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Silos;
using Hype.Hosting.Telemetry;

namespace Hype.Grains.Diagnostics;

/// <summary>
/// The metrics of the control plane. Dashboards refer to their names, so names may be added but never changed (docs/metrics.md).
/// </summary>
internal sealed class GrainMetrics
{
    public const string MeterName = "Hype.Grains";

    private readonly CounterOf<VoiceError> _joins;
    private readonly CounterOf<LeaveReason> _leaves;
    private readonly CounterOf<NodeOutcome> _placements;
    private readonly Histogram<double> _switches;
    private readonly Histogram<double> _moves;
    private readonly Histogram<double> _orders;
    private readonly Counter<long> _floods;
    private readonly Counter<long> _orderFailures;
    private readonly Counter<long> _nodeEventsIgnored;
    private readonly Counter<long> _webhooks;
    private readonly Counter<long> _webhookEventsLost;
    private readonly ConcurrentDictionary<IChannelGrain, ChannelSummary> _channels = new();
    private readonly ConcurrentDictionary<MediaNodeId, Func<NodeFigures?>> _nodes = new();
    private readonly ConcurrentDictionary<(string Receiver, long Shard), DateTimeOffset?> _oldestEvents = new();
    private long _leasesEnded;

    public GrainMetrics(IMeterFactory meters, TimeProvider? time = null, IMembershipGate? gate = null)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge("hype.channels", () => ByMode(_ => 1), "{channel}", "Channels with members, by mode.");
        meter.CreateObservableGauge(
            "hype.channel.participants", () => ByMode(channel => channel.Participants), "{participant}", "Members of channels, by mode.");
        _joins = new(meter, "hype.channel.joins", "{join}", "Joins, by result.", "result", NameOf);
        _leaves = new(meter, "hype.channel.leaves", "{session}", "Ends of sessions, by reason.", "reason", WireEnum<LeaveReason>.NameOf);
        _placements = new(meter, "hype.channel.placements", "{room}", "Placements of rooms, by result.", "result", NameOf);
        _switches = meter.CreateHistogram(
            "hype.channel.switch.duration",
            "s",
            "Time from the opening of a layout to its commit, by mode and reason.",
            null,
            Buckets.Waiting);
        _moves = meter.CreateHistogram(
            "hype.channel.move.duration",
            "s",
            "Time from the decision to move an endpoint until its client reached the new node, by way.",
            null,
            Buckets.Waiting);

        _floods = meter.CreateCounter<long>(
            "hype.channel.floods", "{report}", "Reports of media nodes about members that send more media than permitted.");
        // From the start, so that the first report is visible as growth.
        _floods.Add(0);

        meter.CreateObservableGauge("hype.node.load.ratio", () => OfNodes(node => node.Load), null, "A media node's load, 0-1.");
        meter.CreateObservableGauge(
            "hype.node.draining", () => OfNodes(node => node.Draining ? 1 : 0), null, "1: the media node is draining.");
        meter.CreateObservableGauge(
            "hype.node.lease.age",
            () => OfNodes(node => node.SinceHeartbeat.TotalSeconds),
            "s",
            "Time since the last heartbeat of the media node.");
        meter.CreateObservableCounter(
            "hype.node.leases.ended", () => Interlocked.Read(ref _leasesEnded), "{lease}", "Media nodes that were declared dead.");
        _orders = meter.CreateHistogram(
            "hype.node.order.duration", "s", "Duration of orders to media nodes, by order.", null, Buckets.Call);
        _orderFailures = meter.CreateCounter<long>(
            "hype.node.order.failures", "{order}", "Orders that a media node refused or did not answer, by order and outcome.");
        _nodeEventsIgnored = meter.CreateCounter<long>(
            "hype.node.events.ignored", "{event}", "Events of media nodes about rooms that no channel has on them.");
        meter.CreateObservableGauge(
            "hype.silo.gate.closed",
            () => gate?.ClosedFor.TotalSeconds ?? 0,
            "s",
            "Time for which the silo has executed no call, because it was paused and may have been declared dead; 0: it executes calls.");

        _webhooks = meter.CreateCounter<long>(
            "hype.webhook.requests", "{request}", "Requests to webhook receivers, by receiver and result.");
        meter.CreateObservableGauge(
            "hype.webhook.oldest.age",
            () => AgesOfOldestEvents((time ?? TimeProvider.System).GetUtcNow()),
            "s",
            "Age of the oldest event that waits for a webhook receiver; 0: none waits.");
        _webhookEventsLost = meter.CreateCounter<long>(
            "hype.webhook.events.lost", "{event}", "Events that were dropped because too many waited for a receiver, by receiver.");
    }

    /// <summary>Counts a channel that is active on this silo, or updates its counted members and mode.</summary>
    public void ChannelActive(IChannelGrain grain, ChannelSummary channel) => _channels[grain] = channel;

    /// <summary>Stops counting a channel whose grain is no longer active on this silo.</summary>
    public void ChannelGone(IChannelGrain grain) => _channels.TryRemove(grain, out _);

    /// <summary>Adds the measurements of a media node whose grain is active on this silo.</summary>
    /// <param name="figures">Called at each collection; null: the node is not registered.</param>
    public void TrackNode(MediaNodeId node, Func<NodeFigures?> figures) => _nodes[node] = figures;

    public void UntrackNode(MediaNodeId node, Func<NodeFigures?> figures) => _nodes.TryRemove(KeyValuePair.Create(node, figures));

    public void Joined(VoiceError result) => _joins.Add(result);

    public void Left(LeaveReason reason) => _leaves.Add(reason);

    public void Placed(NodeOutcome result) => _placements.Add(result);

    public void Switched(Layout layout, TimeSpan took) => _switches.Record(
        took.TotalSeconds,
        new KeyValuePair<string, object?>("mode", WireEnum<ChannelMode>.NameOf(layout.Mode)),
        new KeyValuePair<string, object?>("reason", WireEnum<ModeReason>.NameOf(layout.Reason)));

    /// <param name="way">The way in which the client reached the new node.</param>
    public void Moved(MoveWay way, TimeSpan took) => _moves.Record(took.TotalSeconds, new KeyValuePair<string, object?>("way", way switch
    {
        MoveWay.Candidate => "candidate",
        MoveWay.IceRestart => "ice_restart",
        _ => "new_connection",
    }));

    public void Flooded() => _floods.Add(1);

    public void NodeEventsIgnored(int events) => _nodeEventsIgnored.Add(events);

    public void LeaseEnded() => Interlocked.Increment(ref _leasesEnded);

    /// <param name="order">The order's name in <c>media_node.proto</c>.</param>
    /// <param name="outcome">The node's outcome.</param>
    /// <param name="took">The time until the answer, or until the timeout.</param>
    public void NodeOrderCompleted(string order, NodeOutcome outcome, TimeSpan took)
    {
        var label = new KeyValuePair<string, object?>("order", order);
        _orders.Record(took.TotalSeconds, label);
        if (outcome != NodeOutcome.Done)
            _orderFailures.Add(1, label, new KeyValuePair<string, object?>("outcome", NameOf(outcome)));
    }

    /// <summary>
    /// Creates the series of a webhook receiver with the value 0; Prometheus would miss the first increase of a series that starts at 1.
    /// </summary>
    public void AddReceiver(string receiver)
    {
        CountWebhook(receiver, taken: true, 0);
        CountWebhook(receiver, taken: false, 0);
        WebhookEventsLost(receiver, 0);
        // No outbox has this number.
        WebhookOldest(receiver, -1, null);
    }

    public void WebhookSent(string receiver, bool taken) => CountWebhook(receiver, taken, 1);

    public void WebhookEventsLost(string receiver, int events) =>
        _webhookEventsLost.Add(events, new KeyValuePair<string, object?>("receiver", receiver));

    /// <summary>Sets the time of the oldest event in an outbox; null: none waits.</summary>
    public void WebhookOldest(string receiver, long shard, DateTimeOffset? at) => _oldestEvents[(receiver, shard)] = at;

    private IEnumerable<Measurement<double>> AgesOfOldestEvents(DateTimeOffset now) =>
        from outbox in _oldestEvents
        group outbox.Value by outbox.Key.Receiver into receiver
        let oldest = receiver.Min()
        select new Measurement<double>(
            oldest < now ? (now - oldest.Value).TotalSeconds : 0, new KeyValuePair<string, object?>("receiver", receiver.Key));

    private void CountWebhook(string receiver, bool taken, int count) =>
        _webhooks.Add(
            count,
            new KeyValuePair<string, object?>("receiver", receiver),
            new KeyValuePair<string, object?>("result", taken ? "taken" : "refused"));

    private IEnumerable<Measurement<int>> ByMode(Func<ChannelSummary, int> count)
    {
        var channels = _channels.Values.Where(channel => channel.Participants > 0).ToLookup(channel => channel.Mode);
        return Enum.GetValues<ChannelMode>().Select(mode => new Measurement<int>(
            channels[mode].Sum(count), new KeyValuePair<string, object?>("mode", WireEnum<ChannelMode>.NameOf(mode))));
    }

    private IEnumerable<Measurement<double>> OfNodes(Func<NodeFigures, double> figure) =>
        from node in _nodes
        let figures = node.Value()
        where figures is not null
        select new Measurement<double>(
            figure(figures!),
            new KeyValuePair<string, object?>("node", node.Key.Value),
            new KeyValuePair<string, object?>("region", figures!.Region));

    private static string NameOf(NodeOutcome outcome) => outcome == NodeOutcome.Done ? "ok" : WireEnum<NodeOutcome>.NameOf(outcome);

    private static string NameOf(VoiceError error) => error == VoiceError.None ? "ok" : VoiceErrors.Describe(error).Name;
}

/// <summary>The measurements of a media node that its grain supplies.</summary>
internal sealed record NodeFigures(string Region, double Load, bool Draining, TimeSpan SinceHeartbeat);
