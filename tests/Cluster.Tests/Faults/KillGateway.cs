using Hype.Cluster.Tests.Testing;
using Hype.EndToEnd.Tests.Testing;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Proves that <c>kill -9</c> of a gateway that half of a channel's clients use does not interrupt audio: these clients resume through
/// another gateway and miss no event.
/// </summary>
internal sealed class KillGateway : Fault
{
    private const string Name = "kill -9 a gateway";

    private static readonly FaultGoal Gap = new(Name, "audio gap", "ms", 0, 0);
    private static readonly FaultGoal Resumed = new(Name, "its clients have resumed on another gateway", "ms", 3_000, 3_000);

    [Test]
    public Task Audio_continues_and_the_clients_of_the_killed_gateway_miss_no_event() => RepeatAsync(async () =>
    {
        await using var conversation = await Conversation.StartAsync(Cluster, NewChannel(), people: 12);
        var preserved = await PreservedState.CaptureAsync(Cluster, conversation);
        var gateway = Cluster.Gateways.First();
        await using var watcher = await RosterWatcher.JoinAsync(Cluster, conversation.Channel);
        var admissions = conversation.People.ToDictionary(talker => talker, talker => talker.Reception.Admissions);
        var before = conversation.Mark();

        var killed = Cluster.Kill(gateway.Name);
        // The killed gateway's clients have no socket now, and must not miss this event.
        await conversation.MuteAsync(conversation.People[^2]);

        // Half of the members joined through the killed gateway.
        await Waiting.UntilAsync(
            () => Task.FromResult(Back().Count() == conversation.People.Count / 2),
            TimeSpan.FromSeconds(20),
            () => $"{Back().Count()} of {conversation.People.Count / 2} have resumed");
        await conversation.HearEachOtherAsync(conversation.Mark());
        var gap = conversation.GapsSince(before).Max(gap => gap.Lost);
        await watcher.AgreesAsync();
        preserved.AssertSameConnections();
        Must(Gap, gap);
        Must(Resumed, Back().Max(talker => killed.MillisecondsTo(talker.Reception.AdmittedAt)));

        IEnumerable<Talker> Back() => conversation.People.Where(talker => talker.Reception.Admissions > admissions[talker]);
    });
}
