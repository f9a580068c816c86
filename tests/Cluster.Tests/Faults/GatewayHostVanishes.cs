using Hype.Cluster.Tests.Testing;
using Hype.EndToEnd.Tests.Testing;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Proves that the host of a gateway that half of a channel's clients use may lose its network abruptly: these clients hear each other
/// meanwhile, keep their seats, and resume through another gateway when their heartbeat has detected the loss.
/// </summary>
internal sealed class GatewayHostVanishes : Fault
{
    private const string Name = "a gateway's host vanishes";
    private const int People = 12;

    private static readonly FaultGoal Gap = new(Name, "audio gap", "ms", 0, 0);

    // A client sends a ping every 10 s (Hype:Signaling:PingInterval), and waits 5 s for the answer. After a killed gateway, 3 s are
    // allowed.
    private static readonly FaultGoal Resumed = new(Name, "its clients have resumed on another gateway", "ms", 18_000, 18_000);

    [Test]
    public Task Audio_continues_and_the_clients_of_the_vanished_gateway_keep_their_seats() => RepeatAsync(async () =>
    {
        var other = Cluster.Gateways.First();
        await using var host = await ControlHost.StartGatewayAsync(Cluster, other.Region);
        await using var conversation = await Conversation.StartAsync(
            Cluster, NewChannel(), People, gateways: [ControlHost.GatewayUrl, other.Url!]);
        var preserved = await PreservedState.CaptureAsync(Cluster, conversation);
        await using var watcher = await RosterWatcher.JoinAsync(Cluster, conversation.Channel);
        var admissions = conversation.People.ToDictionary(talker => talker, talker => talker.Reception.Admissions);
        var before = conversation.Mark();

        var vanished = await host.VanishAsync();
        // The vanished gateway's clients must not miss this event.
        await conversation.MuteAsync(conversation.People[^2]);

        await Waiting.UntilAsync(
            () => Task.FromResult(Back().Count() == People / 2),
            TimeSpan.FromSeconds(30),
            () => $"{Back().Count()} of {People / 2} have resumed");
        await conversation.HearEachOtherAsync(conversation.Mark());
        var gap = conversation.GapsSince(before).Max(gap => gap.Lost);
        await watcher.AgreesAsync();
        await preserved.AssertUnchangedAsync(Cluster, mutedSince: conversation.People[^2]);
        preserved.AssertSameConnections();
        Must(Gap, gap);
        Must(Resumed, Back().Max(talker => vanished.MillisecondsTo(talker.Reception.AdmittedAt)));
        await conversation.AllHearAllAsync();

        IEnumerable<Talker> Back() => conversation.People.Where(talker => talker.Reception.Admissions > admissions[talker]);
    });
}
