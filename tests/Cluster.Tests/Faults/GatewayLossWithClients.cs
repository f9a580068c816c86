using Hype.Cluster.Tests.Testing;
using Hype.EndToEnd.Tests.Testing;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Base of the tests that lose a gateway together with its clients, which never resume: in a mesh, in a channel of one member, and in a
/// channel with a media node. No seat remains, and the webhook receiver gets <c>left</c> for each member.
/// </summary>
internal abstract class GatewayLossWithClients(string name) : Fault
{
    private const int Talkers = 4;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly FaultGoal _mesh = Goal(name, "in a mesh");
    private readonly FaultGoal _alone = Goal(name, "of a member that was alone");
    private readonly FaultGoal _sfu = Goal(name, "in mode sfu");

    protected override Task<LocalCluster> GetClusterAsync() => WebhookCluster.GetAsync();

    /// <summary>Fills the three channels, loses the gateway and its clients, and waits until their seats are gone.</summary>
    /// <param name="gateway">The gateway to lose.</param>
    /// <param name="lose">Loses it, and returns the last instant at which it was certainly reachable.</param>
    protected async Task AllSeatsMustBeGoneAsync(Uri gateway, Func<Task<Moment>> lose)
    {
        using var limit = new CancellationTokenSource(Limit);
        var other = Cluster.Gateways.Last().Url!;
        var (mesh, alone, sfu) = (NewChannel(), NewChannel(), NewChannel());
        await Cluster.BackOffice.SetAsync(mesh, "p2p");
        using var stays = await SitAsync(other, mesh, "stays", limit.Token);
        using var first = await SitAsync(gateway, mesh, "first", limit.Token);
        using var second = await SitAsync(gateway, mesh, "second", limit.Token);
        using var single = await SitAsync(gateway, alone, "single", limit.Token);
        // Half of these members have their sockets at the lost gateway.
        await using var conversation = await Conversation.StartAsync(Cluster, sfu, Talkers, gateways: [gateway, other]);

        var lost = await lose();
        await conversation.VanishAsync();

        await Task.WhenAll(
            MustBeGoneAsync(_mesh, lost, mesh, stays: 1),
            MustBeGoneAsync(_alone, lost, alone, stays: 0),
            MustBeGoneAsync(_sfu, lost, sfu, stays: 0));
        await MustReportAsync((mesh, ["first", "second"]), (alone, ["single"]), (sfu, [.. conversation.People.Select(t => t.Identity)]));
    }

    private static FaultGoal Goal(string name, string situation) =>
        new(name, $"seats {situation} remain after the resume window for", "ms", 5_000, 5_000);

    private async Task<SeatSeeker> SitAsync(Uri gateway, string channel, string identity, CancellationToken stop)
    {
        var seeker = await SeatSeeker.ConnectAsync(Cluster, gateway, channel, identity, stop);
        Assert.That(await seeker.AskAsync(stop), Is.EqualTo("welcome"));
        return seeker;
    }

    private async Task MustBeGoneAsync(FaultGoal goal, Moment lost, string channel, int stays)
    {
        var members = 0;
        await Waiting.UntilAsync(
            async () => (members = await CountAsync(channel)) == stays, Limit, () => $"{channel} has {members} members");
        Must(goal, lost.MillisecondsTo(DateTimeOffset.UtcNow) - WebhookCluster.ResumeWindow.TotalMilliseconds);
    }

    private async Task<int> CountAsync(string channel) => (await Cluster.BackOffice.FindAsync(channel))?.Members.Count ?? 0;

    /// <summary>Waits until the events report that each of these members left because its resume window was over.</summary>
    private static async Task MustReportAsync(params (string Channel, string[] Members)[] channels)
    {
        var events = channels.Select(channel => (Received: new ReceivedEvents(channel.Channel), channel.Members)).ToArray();
        while (events.Any(channel => channel.Members.Any(member => channel.Received.LeaveReasons(member).Count == 0)))
        {
            var next = await WebhookCluster.Receiver.NextAsync();
            foreach (var (received, _) in events)
                received.Add(next);
        }

        Assert.That(
            events.SelectMany(channel => channel.Members.SelectMany(channel.Received.LeaveReasons)), Is.All.EqualTo("timedOut"));
        Assert.That(events.SelectMany(channel => channel.Received.Contradictions), Is.Empty);
    }
}
