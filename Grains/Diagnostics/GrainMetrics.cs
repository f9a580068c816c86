using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Naming;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels;
using Hype.Grains.Channels.Endpoints;
using Hype.Hosting.Telemetry;

namespace Hype.Grains.Diagnostics;

/// <summary>What the control plane counts. Names are read by dashboards: add, never rename (docs/metrics.md).</summary>
internal sealed class GrainMetrics
{
    public const string MeterName = "Hype.Grains";

    private readonly CounterOf<VoiceError> _joins;
    private readonly CounterOf<LeaveReason> _leaves;
    private readonly CounterOf<VoiceError> _placements;
    private readonly Histogram<double> _switches;
    private readonly Histogram<double> _moves;
    private readonly Histogram<double> _commands;
    private readonly Counter<long> _commandFailures;
    private readonly Counter<long> _webhooks;
    private readonly Counter<long> _webhookEventsLost;
    private readonly ConcurrentDictionary<ChannelGrain, ChannelSummary> _channels = new();
    private readonly ConcurrentDictionary<MediaNodeId, Func<NodeFigures?>> _nodes = new();
    private long _leasesEnded;

    public GrainMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge("hype.channels", () => ByMode(_ => 1), "{channel}", "Channels with somebody in them, by mode.");
        meter.CreateObservableGauge("hype.channel.participants", () => ByMode(channel => channel.Participants), "{participant}", "People in channels, by mode.");
        _joins = new(meter, "hype.channel.joins", "{join}", "What channels decided about a seat, by result.", "result", NameOf);
        _leaves = new(meter, "hype.channel.leaves", "{session}", "Ends of sessions, by reason.", "reason", WireEnum<LeaveReason>.NameOf);
        _placements = new(meter, "hype.channel.placements", "{room}", "Rooms that were asked for, by result.", "result", NameOf);
        _switches = meter.CreateHistogram("hype.channel.switch.duration", "s", "From opening a layout to its commit, by mode and reason.", null, Buckets.Waiting);
        _moves = meter.CreateHistogram(
            "hype.channel.move.duration", "s", "From the decision to move a transport to another node until that node saw its client, by way.", null, Buckets.Waiting);

        meter.CreateObservableGauge("hype.node.load.ratio", () => OfNodes(node => node.Load), null, "A media node's load, 0-1.");
        meter.CreateObservableGauge("hype.node.draining", () => OfNodes(node => node.Draining ? 1 : 0), null, "1: the media node is to be empty.");
        meter.CreateObservableGauge("hype.node.lease.age", () => OfNodes(node => node.SinceBeat.TotalSeconds), "s", "Since the media node was last heard.");
        meter.CreateObservableCounter("hype.node.leases.ended", () => Interlocked.Read(ref _leasesEnded), "{lease}", "Media nodes that were declared dead.");
        _commands = meter.CreateHistogram("hype.node.command.duration", "s", "Orders to media nodes, by command.", null, Buckets.Call);
        _commandFailures = meter.CreateCounter<long>("hype.node.command.failures", "{command}", "Orders that were refused or not answered, by command and error.");

        _webhooks = meter.CreateCounter<long>("hype.webhook.requests", "{request}", "Requests to receivers of webhooks, by receiver and result.");
        _webhookEventsLost = meter.CreateCounter<long>("hype.webhook.events.lost", "{event}", "Events that were dropped because too many waited for a receiver, by receiver.");
    }

    /// <summary>The channel is here and is so.</summary>
    public void IsHere(ChannelGrain grain, ChannelSummary channel) => _channels[grain] = channel;

    /// <summary>The channel has left this silo, or nobody is in it.</summary>
    public void IsNotHere(ChannelGrain grain) => _channels.TryRemove(grain, out _);

    /// <summary>This silo looks after the node.</summary>
    /// <param name="figures">Asked at each look; null: it is not registered.</param>
    public void LooksAfter(MediaNodeId node, Func<NodeFigures?> figures) => _nodes[node] = figures;

    public void LooksNoLongerAfter(MediaNodeId node, Func<NodeFigures?> figures) => _nodes.TryRemove(KeyValuePair.Create(node, figures));

    public void Joined(VoiceError result) => _joins.Add(result);

    public void Left(LeaveReason reason) => _leaves.Add(reason);

    public void Placed(VoiceError result) => _placements.Add(result);

    public void Switched(Layout layout, TimeSpan took) => _switches.Record(
        took.TotalSeconds,
        new KeyValuePair<string, object?>("mode", WireEnum<ChannelMode>.NameOf(layout.Mode)),
        new KeyValuePair<string, object?>("reason", WireEnum<ModeReason>.NameOf(layout.Reason)));

    /// <param name="way">The heaviest that was needed.</param>
    public void Moved(MoveStage way, TimeSpan took) => _moves.Record(took.TotalSeconds, new KeyValuePair<string, object?>("way", way switch
    {
        MoveStage.Candidate or MoveStage.Restarting => "candidate",
        MoveStage.IceRestart => "ice_restart",
        _ => "new_connection",
    }));

    public void LeaseEnded() => Interlocked.Increment(ref _leasesEnded);

    /// <param name="command">A method of <c>media_node.proto</c>.</param>
    /// <param name="result">What came of it.</param>
    /// <param name="took">Until the answer, or until there was no hope of one.</param>
    public void Commanded(string command, VoiceError result, TimeSpan took)
    {
        var label = new KeyValuePair<string, object?>("command", command);
        _commands.Record(took.TotalSeconds, label);
        if (result != VoiceError.None)
            _commandFailures.Add(1, label, new KeyValuePair<string, object?>("error", NameOf(result)));
    }

    /// <summary>From here on its series are shown, at 0: of one that begins at 1, Prometheus would not see the first increase.</summary>
    public void TellsWebhooks(string receiver)
    {
        CountWebhook(receiver, taken: true, 0);
        CountWebhook(receiver, taken: false, 0);
        WebhookEventsLost(receiver, 0);
    }

    public void WebhookSent(string receiver, bool taken) => CountWebhook(receiver, taken, 1);

    public void WebhookEventsLost(string receiver, int events) => _webhookEventsLost.Add(events, new KeyValuePair<string, object?>("receiver", receiver));

    private void CountWebhook(string receiver, bool taken, int count) =>
        _webhooks.Add(count, new KeyValuePair<string, object?>("receiver", receiver), new KeyValuePair<string, object?>("result", taken ? "taken" : "refused"));

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
            figure(figures!), new KeyValuePair<string, object?>("node", node.Key.Value), new KeyValuePair<string, object?>("region", figures!.Region));

    private static string NameOf(VoiceError error) => error == VoiceError.None ? "ok" : VoiceErrors.Describe(error).Name;
}

/// <summary>A media node as the control plane knows it.</summary>
internal sealed record NodeFigures(string Region, double Load, bool Draining, TimeSpan SinceBeat);
