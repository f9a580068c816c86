using Hype.Cluster.Tests.Testing;
using Hype.EndToEnd.Tests.Testing;
using Hype.Testing.Webhooks;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Proves that no seat remains after <c>kill -9</c> of a gateway together with its clients, which never resume: in a mesh, in a channel
/// of one member, and in a channel with a media node. The webhook receiver gets <c>left</c> for each member.
/// </summary>
internal sealed class KillGatewayAndClients : Fault
{
    private const string Name = "kill -9 a gateway and its clients";

    private const int Talkers = 4;

    private static readonly TimeSpan ResumeWindow = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly FaultGoal Mesh = Goal("in a mesh");
    private static readonly FaultGoal Alone = Goal("of a member that was alone");
    private static readonly FaultGoal Sfu = Goal("in mode sfu");

    private WebhookServer _receiver = null!;

    protected override async Task<LocalCluster> GetClusterAsync()
    {
        // Two cores cannot run two clusters at once.
        await SharedCluster.StopAsync();
        _receiver = await WebhookServer.StartAsync();
        return await LocalCluster.StartAsync(new Dictionary<string, string>
        {
            ["Hype__Webhooks__Url"] = _receiver.Url,
            ["Hype__Webhooks__Secrets__0"] = WebhookServer.Secret,
            ["Hype__Webhooks__Events__0"] = "joined",
            ["Hype__Webhooks__Events__1"] = "left",
            ["Hype__Channels__ResumeWindow"] = ResumeWindow.ToString(),
        });
    }

    [OneTimeTearDown]
    public async Task StopClusterAsync()
    {
        await Cluster.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Test]
    public Task All_seats_are_gone_within_five_seconds_after_the_resume_window() => RepeatAsync(async () =>
    {
        using var limit = new CancellationTokenSource(Limit);
        var gateway = Cluster.Gateways.First();
        var (mesh, alone, sfu) = (NewChannel(), NewChannel(), NewChannel());
        await Cluster.BackOffice.SetAsync(mesh, "p2p");
        using var stays = await SitAsync(Cluster.Gateways.Last().Url!, mesh, "stays", limit.Token);
        using var first = await SitAsync(gateway.Url!, mesh, "first", limit.Token);
        using var second = await SitAsync(gateway.Url!, mesh, "second", limit.Token);
        using var single = await SitAsync(gateway.Url!, alone, "single", limit.Token);
        // Half of these members have their sockets at the killed gateway.
        await using var conversation = await Conversation.StartAsync(Cluster, sfu, Talkers);

        var killed = Cluster.Kill(gateway.Name);
        await conversation.VanishAsync();

        await Task.WhenAll(
            MustBeGoneAsync(Mesh, killed, mesh, stays: 1),
            MustBeGoneAsync(Alone, killed, alone, stays: 0),
            MustBeGoneAsync(Sfu, killed, sfu, stays: 0));
        await MustReportAsync((mesh, ["first", "second"]), (alone, ["single"]), (sfu, [.. conversation.People.Select(t => t.Identity)]));
    });

    private static FaultGoal Goal(string situation) =>
        new(Name, $"seats {situation} remain after the resume window for", "ms", 5_000, 5_000);

    private async Task<SeatSeeker> SitAsync(Uri gateway, string channel, string identity, CancellationToken stop)
    {
        var seeker = await SeatSeeker.ConnectAsync(Cluster, gateway, channel, identity, stop);
        Assert.That(await seeker.AskAsync(stop), Is.EqualTo("welcome"));
        return seeker;
    }

    private async Task MustBeGoneAsync(FaultGoal goal, Moment killed, string channel, int stays)
    {
        var members = 0;
        await Waiting.UntilAsync(
            async () => (members = await CountAsync(channel)) == stays, Limit, () => $"{channel} has {members} members");
        Must(goal, killed.MillisecondsTo(DateTimeOffset.UtcNow) - ResumeWindow.TotalMilliseconds);
    }

    private async Task<int> CountAsync(string channel) => (await Cluster.BackOffice.FindAsync(channel))?.Members.Count ?? 0;

    /// <summary>Waits until the events report that each of these members left because its resume window was over.</summary>
    private async Task MustReportAsync(params (string Channel, string[] Members)[] channels)
    {
        var events = channels.Select(channel => (Received: new ReceivedEvents(channel.Channel), channel.Members)).ToArray();
        while (events.Any(channel => channel.Members.Any(member => channel.Received.LeaveReasons(member).Count == 0)))
        {
            var next = await _receiver.NextAsync();
            foreach (var (received, _) in events)
                received.Add(next);
        }

        Assert.That(
            events.SelectMany(channel => channel.Members.SelectMany(channel.Received.LeaveReasons)), Is.All.EqualTo("timedOut"));
        Assert.That(events.SelectMany(channel => channel.Received.Contradictions), Is.Empty);
    }
}
