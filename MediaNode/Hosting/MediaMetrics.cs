using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using Hype.Hosting.Telemetry;
using Hype.MediaNode.Configuration;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.NodeState;
using Hype.MediaNode.Tickets;
using Hype.MediaNode.Workers;
using Microsoft.Extensions.Options;

namespace Hype.MediaNode.Hosting;

/// <summary>
/// The node's metrics; meter <c>Hype.MediaNode</c> (docs/metrics.md). Workers write plain counters. This service reads them: counters and
/// gauges when metrics are collected, histograms once a second.
/// </summary>
internal sealed class MediaMetrics : BackgroundService
{
    private static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<MediaWorker> _workers;
    private readonly TimeProvider _time;
    private readonly List<TallyReader> _tallies = [];
    private readonly NodeLoadMeter _load;
    private double _loadRatio;

    public MediaMetrics(
        IMeterFactory meters, WorkerPool pool, NodeDrain drain, ControlContact contact, IOptions<MediaNodeOptions> options,
        TimeProvider time)
    {
        (_workers, _time) = (pool.Workers, time);
        // A separate load meter: the one for the control plane does not advance while the control plane is away.
        _load = new NodeLoadMeter(pool, drain, options, time);
        var meter = meters.Create(ControlMetrics.MeterName);
        Packets(meter);
        Endpoints(meter);
        Histograms(meter);
        Links(meter);
        Count(meter, "hype.media.turn.failures", worker => worker.TurnFailures, "{turn}", "Worker turns that ended in an exception.");
        Count(
            meter, "hype.media.timer.failures", worker => worker.TimerFailures, "{failure}",
            "Endpoints and rooms whose timers ended in an exception; the endpoints were closed.");
        Count(
            meter, "hype.media.flooding", worker => worker.Flooding, "{report}",
            "Reports about members that exceeded their budget for 5 s.");
        meter.CreateObservableCounter("hype.media.worker.busy", BusyWorkers, "s", "Time in which a worker was not asleep.");
        meter.CreateObservableGauge(
            "hype.media.load.ratio", () => Volatile.Read(ref _loadRatio), null, "The load that placement compares, 0-1.");
        meter.CreateObservableGauge("hype.media.draining", () => drain.IsDraining ? 1 : 0, null, "1: the node is draining.");
        meter.CreateObservableGauge(
            "hype.media.contact.age", () => contact.Age.TotalSeconds, "s",
            "Time since the control plane last acknowledged a message of this node.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(ReadInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                ReadTallies();
        }
        catch (OperationCanceledException)
        {
            // The normal end.
        }
    }

    /// <summary>Transfers the values that workers have counted in tallies to the metrics' histograms; called once a second.</summary>
    public void ReadTallies()
    {
        foreach (var tally in _tallies)
            tally.Read();
        Volatile.Write(ref _loadRatio, _load.Measure().Load_);
    }

    private void Packets(Meter meter)
    {
        Count(meter, "hype.media.received.packets", worker => worker.Received, "{packet}", "Received datagrams.");
        Count(meter, "hype.media.received", worker => worker.ReceivedBytes, "By", "UDP payload of the received datagrams.");
        Count(
            meter, "hype.media.forwarded.packets", worker => worker.Forwarded, "{packet}",
            "Media packets forwarded to members, one for each receiver.");
        Count(meter, "hype.media.forwarded", worker => worker.ForwardedBytes, "By", "UDP payload of the forwarded packets.");
        Count<DropReason>(
            meter, "hype.media.dropped.packets", "reason", (worker, reason) => worker.Drops[reason], "{packet}",
            "Dropped datagrams, by reason.");
        meter.CreateObservableCounter(
            "hype.media.send.failures", () => _workers.Sum(worker => worker.SendFailures), "{packet}",
            "Datagrams that the kernel rejected.");
    }

    private void Endpoints(Meter meter)
    {
        Gauge(meter, "hype.media.endpoints", worker => worker.Endpoints, "{endpoint}", "Endpoints of members.");
        Gauge(meter, "hype.media.rooms", worker => worker.Rooms, "{room}", "Open rooms.");
        Gauge(meter, "hype.media.slots", worker => worker.Slots, "{slot}", "Slots in use, in all rooms.");
        Gauge(
            meter, "hype.media.speakers", worker => worker.Speakers, "{speaker}", "Slots whose holder spoke within the last second.");
        Count<EndpointKind>(
            meter, "hype.media.endpoints.added", "kind",
            (worker, kind) => kind == EndpointKind.New ? worker.NewEndpoints : worker.RevivedEndpoints, "{endpoint}",
            "Added endpoints, new or revived from a ticket.");
        Count<CloseReason>(
            meter, "hype.media.endpoints.closed", "reason", (worker, reason) => worker.ClosedFor(reason), "{endpoint}",
            "Endpoints that ended, by reason.");
        Count<HandshakeResult>(
            meter, "hype.media.dtls.handshakes", "result",
            (worker, result) => result == HandshakeResult.Connected ? worker.HandshakesDone : worker.HandshakesFailed, "{handshake}",
            "DTLS handshakes, by result.");
        Gauge(meter, "hype.media.dtls.pending", worker => worker.HandshakesPending, "{handshake}", "DTLS handshakes in progress.");
    }

    private void Histograms(Meter meter)
    {
        var forwarding = meter.CreateHistogram(
            "hype.media.forward.duration", "s", "Upper bound of the time from reading a batch of packets to sending it.", null,
            Buckets.Of(WorkerCounters.TurnBounds));
        var connecting = meter.CreateHistogram(
            "hype.media.connect.duration", "s", "Time from an endpoint's creation until its media is accepted.", null, Buckets.Waiting);
        var loss = meter.CreateHistogram(
            "hype.media.loss.ratio", null, "Lost packets per member and report, 0-1.", null, Buckets.Loss);
        var jitter = meter.CreateHistogram(
            "hype.media.jitter", "s", "Interarrival jitter per member and report.", null, Buckets.Path);
        var roundTrip = meter.CreateHistogram("hype.media.rtt", "s", "Round trip per member and report.", null, Buckets.Path);
        var up = new KeyValuePair<string, object?>("direction", "up");
        var down = new KeyValuePair<string, object?>("direction", "down");
        foreach (var counters in _workers.Select(worker => worker.Counters))
        {
            _tallies.AddRange([
                new(counters.Turns, forwarding),
                new(counters.Connecting, connecting),
                new(counters.LossUp, loss, up),
                new(counters.LossDown, loss, down),
                new(counters.JitterUp, jitter, up),
                new(counters.JitterDown, jitter, down),
                new(counters.RoundTrip, roundTrip),
            ]);
        }
    }

    private void Links(Meter meter)
    {
        Gauge(meter, "hype.media.links", worker => worker.Links, "{link}", "Cascade links that end at this node.");
        meter.CreateObservableGauge(
            "hype.media.link.rtt", () => _workers.Max(worker => worker.Counters.LinkRoundTrip) / 1e6, "s",
            "Round trip of the farthest link.");
        Count(
            meter, "hype.media.link.received.packets", worker => worker.LinkPacketsReceived, "{packet}",
            "Authentic datagrams received over links.");
        Count(meter, "hype.media.link.received", worker => worker.LinkBytesReceived, "By", "UDP payload received over links.");
        Count(meter, "hype.media.link.sent.packets", worker => worker.LinkPacketsSent, "{packet}", "Datagrams sent over links.");
        Count(meter, "hype.media.link.sent", worker => worker.LinkBytesSent, "By", "UDP payload sent over links.");
    }

    private IEnumerable<Measurement<double>> BusyWorkers() => _workers.Select((worker, index) => new Measurement<double>(
        worker.Counters.Busy / 1e6, new KeyValuePair<string, object?>("worker", index.ToString(CultureInfo.InvariantCulture))));

    private void Count(Meter meter, string name, Func<WorkerCounters, long> read, string unit, string description) =>
        meter.CreateObservableCounter(name, () => Sum(read), unit, description);

    private void Count<T>(Meter meter, string name, string label, Func<WorkerCounters, T, long> read, string unit, string description)
        where T : struct, Enum =>
        meter.CreateObservableCounter(name, () => ByValue(label, read), unit, description);

    private void Gauge(Meter meter, string name, Func<WorkerCounters, long> read, string unit, string description) =>
        meter.CreateObservableGauge(name, () => Sum(read), unit, description);

    private long Sum(Func<WorkerCounters, long> read) => _workers.Sum(worker => read(worker.Counters));

    private IEnumerable<Measurement<long>> ByValue<T>(string label, Func<WorkerCounters, T, long> read) where T : struct, Enum =>
        Enum.GetValues<T>().Select(value => new Measurement<long>(
            Sum(worker => read(worker, value)),
            new KeyValuePair<string, object?>(label, JsonNamingPolicy.CamelCase.ConvertName(value.ToString()))));

    private enum EndpointKind
    {
        New,
        Revived,
    }

    private enum HandshakeResult
    {
        Connected,
        Failed,
    }
}
