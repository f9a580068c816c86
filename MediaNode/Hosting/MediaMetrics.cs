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
/// The node's figures; meter <c>Hype.MediaNode</c> (docs/metrics.md). Workers keep plain counters, which are only read here: for counters and
/// gauges when somebody looks, for histograms once a second.
/// </summary>
internal sealed class MediaMetrics : BackgroundService
{
    private static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<MediaWorker> _workers;
    private readonly TimeProvider _time;
    private readonly List<TallyReader> _tallies = [];
    private readonly NodeLoadMeter _load;
    private double _loadRatio;

    public MediaMetrics(IMeterFactory meters, WorkerPool pool, NodeDrain drain, ControlContact contact, IOptions<MediaNodeOptions> options, TimeProvider time)
    {
        (_workers, _time) = (pool.Workers, time);
        // Of its own: the one whose figures go to the control plane stands still while that is away.
        _load = new NodeLoadMeter(pool, drain, options, time);
        var meter = meters.Create(ControlMetrics.MeterName);
        Packets(meter);
        Transports(meter);
        Histograms(meter);
        Links(meter);
        meter.CreateObservableCounter("hype.media.worker.busy", BusyWorkers, "s", "Time that a worker was not asleep.");
        meter.CreateObservableCounter("hype.media.turn.failures", () => Sum(worker => worker.TurnFailures), "{turn}", "Turns of a worker that ended in an exception.");
        meter.CreateObservableGauge("hype.media.load.ratio", () => Volatile.Read(ref _loadRatio), null, "What placement goes by, 0-1.");
        meter.CreateObservableGauge("hype.media.draining", () => drain.IsDraining ? 1 : 0, null, "1: this node is to be empty.");
        meter.CreateObservableGauge("hype.media.contact.age", () => contact.Age.TotalSeconds, "s", "Since the control plane last acknowledged a message of this node.");
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
            // The way it ends.
        }
    }

    /// <summary>What happens once a second.</summary>
    public void ReadTallies()
    {
        foreach (var tally in _tallies)
            tally.Read();
        Volatile.Write(ref _loadRatio, _load.Measure().Load_);
    }

    private void Packets(Meter meter)
    {
        meter.CreateObservableCounter("hype.media.received.packets", () => Sum(worker => worker.Received), "{packet}", "Datagrams that came in.");
        meter.CreateObservableCounter("hype.media.received", () => Sum(worker => worker.ReceivedBytes), "By", "Their UDP payload.");
        meter.CreateObservableCounter("hype.media.forwarded.packets", () => Sum(worker => worker.Forwarded), "{packet}", "Media packets sent on to members, one for each receiver.");
        meter.CreateObservableCounter("hype.media.forwarded", () => Sum(worker => worker.ForwardedBytes), "By", "Their UDP payload.");
        meter.CreateObservableCounter(
            "hype.media.dropped.packets", () => ByValue<DropReason>("reason", (worker, reason) => worker.Drops[reason]), "{packet}", "Datagrams that ended here, by reason.");
        meter.CreateObservableCounter("hype.media.send.failures", () => _workers.Sum(worker => worker.SendFailures), "{packet}", "Datagrams that the kernel would not take.");
    }

    private void Transports(Meter meter)
    {
        meter.CreateObservableGauge("hype.media.endpoints", () => Sum(worker => worker.Endpoints), "{endpoint}", "Participants' transports.");
        meter.CreateObservableGauge("hype.media.rooms", () => Sum(worker => worker.Rooms), "{room}", "Rooms.");
        meter.CreateObservableGauge("hype.media.slots", () => Sum(worker => worker.Slots), "{slot}", "Slots in use, of all rooms.");
        meter.CreateObservableGauge("hype.media.speakers", () => Sum(worker => worker.Speakers), "{speaker}", "Slots whose holder spoke within the last second.");
        meter.CreateObservableCounter(
            "hype.media.endpoints.added", () => ByValue<EndpointKind>("kind", (worker, kind) => kind == EndpointKind.New ? worker.NewEndpoints : worker.RevivedEndpoints), "{endpoint}",
            "Endpoints, new or revived from a ticket.");
        meter.CreateObservableCounter("hype.media.endpoints.closed", () => ByValue<CloseReason>("reason", (worker, reason) => worker.ClosedFor(reason)), "{endpoint}", "Endpoints that ended, by reason.");
        meter.CreateObservableCounter(
            "hype.media.dtls.handshakes", () => ByValue<HandshakeResult>("result", (worker, result) => result == HandshakeResult.Connected ? worker.HandshakesDone : worker.HandshakesFailed), "{handshake}",
            "DTLS handshakes, by result.");
        meter.CreateObservableGauge("hype.media.dtls.pending", () => Sum(worker => worker.HandshakesPending), "{handshake}", "DTLS handshakes under way.");
    }

    private void Histograms(Meter meter)
    {
        var forwarding = meter.CreateHistogram("hype.media.forward.duration", "s", "What a batch of packets takes from being read to being sent on, at most.", null, Buckets.Of(WorkerCounters.TurnBounds));
        var connecting = meter.CreateHistogram("hype.media.connect.duration", "s", "From an endpoint's making until its media counts.", null, Buckets.Waiting);
        var loss = meter.CreateHistogram("hype.media.loss.ratio", null, "Lost packets per participant and report, 0-1.", null, Buckets.Loss);
        var jitter = meter.CreateHistogram("hype.media.jitter", "s", "Interarrival jitter per participant and report.", null, Buckets.Path);
        var roundTrip = meter.CreateHistogram("hype.media.rtt", "s", "Round trip per participant and report.", null, Buckets.Path);
        var (up, down) = (new KeyValuePair<string, object?>("direction", "up"), new KeyValuePair<string, object?>("direction", "down"));
        foreach (var counters in _workers.Select(worker => worker.Counters))
        {
            _tallies.AddRange([
                new(counters.Turns, forwarding), new(counters.Connecting, connecting), new(counters.LossUp, loss, up), new(counters.LossDown, loss, down),
                new(counters.JitterUp, jitter, up), new(counters.JitterDown, jitter, down), new(counters.RoundTrip, roundTrip)]);
        }
    }

    private void Links(Meter meter)
    {
        meter.CreateObservableGauge("hype.media.links", () => Sum(worker => worker.Links), "{link}", "Ends of cascade links.");
        meter.CreateObservableGauge("hype.media.link.rtt", () => _workers.Max(worker => worker.Counters.LinkRoundTrip) / 1e6, "s", "Round trip of the farthest link.");
        meter.CreateObservableCounter("hype.media.link.received.packets", () => Sum(worker => worker.LinkPacketsReceived), "{packet}", "Authentic datagrams that came over links.");
        meter.CreateObservableCounter("hype.media.link.received", () => Sum(worker => worker.LinkBytesReceived), "By", "Their UDP payload.");
        meter.CreateObservableCounter("hype.media.link.sent.packets", () => Sum(worker => worker.LinkPacketsSent), "{packet}", "Datagrams sent over links.");
        meter.CreateObservableCounter("hype.media.link.sent", () => Sum(worker => worker.LinkBytesSent), "By", "Their UDP payload.");
    }

    private IEnumerable<Measurement<double>> BusyWorkers() => _workers.Select((worker, number) => new Measurement<double>(
        worker.Counters.Busy / 1e6, new KeyValuePair<string, object?>("worker", number.ToString(CultureInfo.InvariantCulture))));

    private long Sum(Func<WorkerCounters, long> figure) => _workers.Sum(worker => figure(worker.Counters));

    private IEnumerable<Measurement<long>> ByValue<T>(string label, Func<WorkerCounters, T, long> figure) where T : struct, Enum =>
        Enum.GetValues<T>().Select(value => new Measurement<long>(
            Sum(worker => figure(worker, value)), new KeyValuePair<string, object?>(label, JsonNamingPolicy.CamelCase.ConvertName(value.ToString()))));

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
