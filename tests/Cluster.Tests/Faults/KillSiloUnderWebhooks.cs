using System.Collections.Concurrent;
using System.Net.WebSockets;
using Hype.Cluster.Tests.Testing;
using Hype.Testing.Webhooks;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Proves that the webhook receiver gets every stored event at least once and in order, although the silo that hosts the channel and its
/// outbox is killed while members join and leave and the receiver is down.
/// </summary>
[Order(1)]
internal sealed class KillSiloUnderWebhooks : Fault
{
    private const string Name = "kill -9 the silo that hosts a channel and its outbox, webhook receiver down";

    // The number of visitors that join and leave before, during and after each kill.
    private const int Visits = 20;
    private const int Kills = 3;

    private static readonly FaultGoal Missing = new(Name, "events missing or out of order", "", 0, 0);
    private static readonly FaultGoal Again = new(Name, "events delivered again", "", null, null);

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    // A decision shortly before a kill may be lost together with its event: Hype:Channels:CheckpointInterval (250 ms), a write, and the
    // kill itself.
    private static readonly TimeSpan StoredAfter = TimeSpan.FromMilliseconds(600);

    // An answer takes milliseconds; the death of a silo is detected after a second or more.
    private static readonly TimeSpan Waited = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _asked = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _joined = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _left = new();
    private readonly List<DateTimeOffset> _kills = [];
    private int _lastVisitor;

    private static WebhookServer Receiver => WebhookCluster.Receiver;

    protected override Task<LocalCluster> GetClusterAsync() => WebhookCluster.GetAsync();

    [Test]
    public Task Webhook_receiver_gets_every_event_in_order_at_least_once() => RepeatAsync(async () =>
    {
        using var limit = new CancellationTokenSource(Limit);
        _asked.Clear();
        _joined.Clear();
        _left.Clear();
        _kills.Clear();
        Receiver.Answer = WebhookAnswer.Taken;
        var channel = NewChannel();
        var received = new ReceivedEvents(channel);
        // While one silo runs alone, channel and outbox activate on it, so that the first kill hits both.
        await Cluster.StopAsync(Cluster.Silos.Last().Name);
        await VisitsAsync(channel, Visits, limit.Token);
        await Cluster.StartAsync(Cluster.Silos.Last().Name);

        for (var kill = 1; kill <= Kills; kill++)
        {
            Receiver.Answer = WebhookAnswer.Unavailable;
            var visiting = JoinAndLeaveAsync(channel, out var stop, limit.Token);
            await Receiver.RefusesAsync();
            await WaitForJoinsAsync(_joined.Count + Visits, limit.Token);
            var silo = await ChannelHolder.FindAsync(Cluster, channel);
            _kills.Add(Cluster.Kill(silo).Wall);
            await WaitForJoinsAsync(_joined.Count + Visits, limit.Token);
            await stop.CancelAsync();
            await visiting;
            stop.Dispose();
            await Cluster.StartAsync(silo);
            Receiver.Answer = WebhookAnswer.Taken;
        }

        await VisitsAsync(channel, 1, limit.Token);
        var last = $"visitor-{_lastVisitor}";
        while (received.Present.Count > 0 || received.LeaveReasons(last).Count == 0)
            received.Add(await Receiver.NextAsync());

        string[] missing =
        [
            .. _joined.Where(visit => IsStored(visit.Value) && !IsReported(visit.Key, received)).Select(visit =>
                $"{visit.Key} joined {received.JoinCount(visit.Key)} times, asked at {_asked[visit.Key]:O}, admitted at {visit.Value:O}"),
            // If a member's join was lost, its leave is missing too.
            .. _left.Where(
                visit => IsStored(visit.Value)
                    && IsStored(_joined[visit.Key]) && received.LeaveReasons(visit.Key).LastOrDefault() != "left")
                .Select(visit => $"{visit.Key} left at {visit.Value:O}, reasons [{string.Join(", ", received.LeaveReasons(visit.Key))}]"),
            .. received.Contradictions,
        ];
        var twice = _joined.Keys.Where(visitor => received.JoinCount(visitor) == 2)
            .Select(visitor => $"{visitor} asked at {_asked[visitor]:O}, admitted at {_joined[visitor]:O}").ToArray();
        await TestContext.Out.WriteLineAsync(
            $"{_joined.Count} visitors joined, {received.Count} events, joined twice: {string.Join("; ", twice)}; killed at "
                + $"{string.Join(", ", _kills.Select(kill => $"{kill:O}"))}");
        Record(Again, received.Repeated);
        Record(Missing, missing.Length);
        Assert.That(missing, Is.Empty);
        Assert.That(received.Count, Is.GreaterThan(2 * Visits * (1 + Kills)));
        Assert.That(Receiver.Forged, Is.Zero, "a wrong signature");
    });

    private bool IsStored(DateTimeOffset decided) => !_kills.Any(kill => decided > kill - StoredAfter && decided < kill + StoredAfter);

    /// <summary>
    /// Returns true if the events report a visitor's join once; or twice, if a silo died between call and answer: the call was then
    /// retried, and the second session replaced the first.
    /// </summary>
    private bool IsReported(string visitor, ReceivedEvents received) =>
        received.JoinCount(visitor) == 1
        || (received.JoinCount(visitor) == 2 && received.LeaveReasons(visitor)[0] == "replaced"
            && _joined[visitor] - _asked[visitor] > Waited);

    private Task JoinAndLeaveAsync(string channel, out CancellationTokenSource stop, CancellationToken limit)
    {
        var stopped = stop = CancellationTokenSource.CreateLinkedTokenSource(limit);
        return Task.WhenAll(Enumerable.Range(0, 3).Select(async gateway =>
        {
            while (!stopped.IsCancellationRequested)
                await VisitAsync(channel, gateway, limit);
        }));
    }

    private async Task VisitsAsync(string channel, int visits, CancellationToken limit)
    {
        for (var visit = 0; visit < visits; visit++)
            await VisitAsync(channel, visit, limit);
    }

    /// <summary>Lets a new identity join through a gateway, and leave.</summary>
    private async Task VisitAsync(string channel, int gateway, CancellationToken limit)
    {
        var identity = $"visitor-{Interlocked.Increment(ref _lastVisitor)}";
        Uri[] gateways = [.. Cluster.Gateways.Select(each => each.Url!)];
        using var visitor = await SeatSeeker.ConnectAsync(Cluster, gateways[gateway % gateways.Length], channel, identity, limit);
        _asked[identity] = DateTimeOffset.UtcNow;
        try
        {
            if (await visitor.AskAsync(limit) != "welcome")
                return;
            _joined[identity] = DateTimeOffset.UtcNow;
            await visitor.LeaveAsync(limit);
            _left[identity] = DateTimeOffset.UtcNow;
        }
        catch (Exception exception) when (exception is InvalidOperationException or WebSocketException)
        {
            // During the outage only the events show whether the join succeeded.
        }
    }

    private async Task WaitForJoinsAsync(int count, CancellationToken limit)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (_joined.Count < count)
            await timer.WaitForNextTickAsync(limit);
    }
}
