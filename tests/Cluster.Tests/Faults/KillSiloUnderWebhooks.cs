using System.Collections.Concurrent;
using System.Net.WebSockets;
using Hype.Cluster.Tests.Testing;
using Hype.Testing.Webhooks;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// <c>kill -9</c> of the silo that hosts a channel and its outbox, while members join and leave and the webhook receiver is down.
/// </summary>
internal sealed class KillSiloUnderWebhooks : Fault
{
    private const string Name = "kill -9 the silo that holds channel and outbox, the receiver of webhooks down";

    // The number of people that join and leave before, during and after each kill.
    private const int Visits = 20;
    private const int Kills = 3;

    private static readonly FaultGoal Missing = new(Name, "events missing or out of order", "", 0, 0);
    private static readonly FaultGoal Again = new(Name, "events that came again", "", null, null);

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    // A decision shortly before a kill may be lost together with its event: Hype:Channels:CheckpointInterval (250 ms), a write, and the
    // kill itself.
    private static readonly TimeSpan StoredAfter = TimeSpan.FromMilliseconds(600);

    // An answer takes milliseconds; the death of a silo is detected after a second or more.
    private static readonly TimeSpan Waited = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _asked = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _came = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _left = new();
    private readonly List<DateTimeOffset> _kills = [];
    private WebhookServer _receiver = null!;
    private int _lastVisitor;

    protected override async Task<LocalCluster> GetClusterAsync()
    {
        // Two clusters at once exceed two cores.
        await SharedCluster.StopAsync();
        _receiver = await WebhookServer.StartAsync();
        return await LocalCluster.StartAsync(new Dictionary<string, string>
        {
            ["Hype__Webhooks__Url"] = _receiver.Url,
            ["Hype__Webhooks__Secrets__0"] = WebhookServer.Secret,
            ["Hype__Webhooks__Events__0"] = "joined",
            ["Hype__Webhooks__Events__1"] = "left",
            // More events than occur in the seconds of an outage.
            ["Hype__Webhooks__MaxWaiting"] = "10000",
            ["Hype__Webhooks__RetryDelay"] = "00:00:00.1",
            ["Hype__Webhooks__MaxRetryDelay"] = "00:00:01",
            // A member whose leave was lost with the silo has left again by then.
            ["Hype__Channels__ResumeWindow"] = "00:00:05",
        });
    }

    [OneTimeTearDown]
    public async Task StopClusterAsync()
    {
        await Cluster.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Test]
    public Task Every_event_arrives_in_order_at_least_once() => RepeatAsync(async () =>
    {
        using var limit = new CancellationTokenSource(Limit);
        _asked.Clear();
        _came.Clear();
        _left.Clear();
        _kills.Clear();
        _receiver.Answer = WebhookAnswer.Taken;
        var channel = NewChannel();
        var heard = new HeardEvents(channel);
        // All grains are on the first silo, in any order of starts.
        await Cluster.StopAsync(Cluster.Silos.Last().Name);
        await VisitsAsync(channel, Visits, limit.Token);
        await Cluster.StartAsync(Cluster.Silos.Last().Name);

        for (var kill = 1; kill <= Kills; kill++)
        {
            _receiver.Answer = WebhookAnswer.Unavailable;
            var coming = ComeAndGoAsync(channel, out var stop, limit.Token);
            await _receiver.RefusesAsync();
            await UntilCameAsync(_came.Count + Visits, limit.Token);
            var silo = await ChannelHolder.FindAsync(Cluster, channel);
            _kills.Add(Cluster.Kill(silo).Wall);
            await UntilCameAsync(_came.Count + Visits, limit.Token);
            await stop.CancelAsync();
            await coming;
            stop.Dispose();
            await Cluster.StartAsync(silo);
            _receiver.Answer = WebhookAnswer.Taken;
        }

        await VisitsAsync(channel, 1, limit.Token);
        var last = $"visitor-{_lastVisitor}";
        while (heard.Present.Count > 0 || heard.ReasonsToGo(last).Count == 0)
            heard.Add(await _receiver.NextAsync());

        string[] untold =
        [
            .. _came.Where(visit => IsStored(visit.Value) && !IsReported(visit.Key, heard)).Select(visit =>
                $"{visit.Key} came {heard.TimesCome(visit.Key)} times, asked at {_asked[visit.Key]:O}, seated at {visit.Value:O}"),
            // A member whose join was lost has no leave either.
            .. _left.Where(
                visit => IsStored(visit.Value) && IsStored(_came[visit.Key]) && heard.ReasonsToGo(visit.Key).LastOrDefault() != "left")
                    .Select(visit => $"{visit.Key} left at {visit.Value:O}, by [{string.Join(", ", heard.ReasonsToGo(visit.Key))}]"),
            .. heard.Contradictions,
        ];
        var twice = _came.Keys.Where(visitor => heard.TimesCome(visitor) == 2)
            .Select(visitor => $"{visitor} asked at {_asked[visitor]:O}, seated at {_came[visitor]:O}").ToArray();
        await TestContext.Out.WriteLineAsync(
            $"{_came.Count} people came, {heard.Count} events, twice: {string.Join("; ", twice)}; killed at "
                + $"{string.Join(", ", _kills.Select(kill => $"{kill:O}"))}");
        Tell(Again, heard.Again);
        Tell(Missing, untold.Length);
        Assert.That(untold, Is.Empty);
        Assert.That(heard.Count, Is.GreaterThan(2 * Visits * (1 + Kills)));
        Assert.That(_receiver.Forged, Is.Zero, "a wrong signature");
    });

    private bool IsStored(DateTimeOffset decided) => !_kills.Any(kill => decided > kill - StoredAfter && decided < kill + StoredAfter);

    /// <summary>
    /// Returns true if the visit was reported once; or twice, if a silo died between call and answer: the call is retried, and the second
    /// session replaces the first.
    /// </summary>
    private bool IsReported(string visitor, HeardEvents heard) =>
        heard.TimesCome(visitor) == 1
        || (heard.TimesCome(visitor) == 2 && heard.ReasonsToGo(visitor)[0] == "replaced" && _came[visitor] - _asked[visitor] > Waited);

    private Task ComeAndGoAsync(string channel, out CancellationTokenSource stop, CancellationToken limit)
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

    /// <summary>A new identity joins and leaves.</summary>
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
            _came[identity] = DateTimeOffset.UtcNow;
            await visitor.LeaveAsync(limit);
            _left[identity] = DateTimeOffset.UtcNow;
        }
        catch (Exception exception) when (exception is InvalidOperationException or WebSocketException)
        {
            // During the outage only the events show whether the join succeeded.
        }
    }

    private async Task UntilCameAsync(int count, CancellationToken limit)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (_came.Count < count)
            await timer.WaitForNextTickAsync(limit);
    }
}
