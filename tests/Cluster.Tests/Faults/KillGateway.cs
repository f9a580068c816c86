using Hype.Cluster.Tests.Testing;
using Hype.EndToEnd.Tests.Testing;

namespace Hype.Cluster.Tests.Faults;

/// <summary><c>kill -9</c> of a gateway that serves half of a channel.</summary>
internal sealed class KillGateway : Fault
{
    private const string Name = "kill -9 a gateway";

    private static readonly FaultGoal Gap = new(Name, "audio gap", "ms", 0, 0);
    private static readonly FaultGoal Resumed = new(Name, "its clients have resumed on another", "ms", 3_000, 3_000);

    [Test]
    public Task Audio_continues_and_clients_of_the_killed_gateway_miss_no_event() => RepeatAsync(async () =>
    {
        await using var conversation = await Conversation.StartAsync(Cluster, NewChannel(), people: 12);
        var seats = await Seats.NoteAsync(Cluster, conversation);
        var gateway = Cluster.Gateways.First();
        await using var watcher = await RosterWatcher.JoinAsync(Cluster, conversation.Channel);
        var admissions = conversation.People.ToDictionary(talker => talker, talker => talker.Ear.Admissions);
        var before = conversation.Mark();

        var killed = Cluster.Kill(gateway.Name);
        // Its clients might miss events that happen while they have no socket.
        await conversation.MuteAsync(conversation.People[^2]);

        // Half of the people joined through it.
        await Waiting.UntilAsync(
            () => Task.FromResult(Back().Count() == conversation.People.Count / 2),
            TimeSpan.FromSeconds(20),
            () => $"{Back().Count()} of {conversation.People.Count / 2} have resumed");
        await conversation.HearEachOtherAsync(conversation.Mark());
        var gap = conversation.GapsSince(before).Max(gap => gap.Lost);
        await watcher.AgreesAsync();
        seats.HaveTheirConnections();
        Must(Gap, gap);
        Must(Resumed, Back().Max(talker => killed.MillisecondsTo(talker.Ear.AdmittedAt)));

        IEnumerable<Talker> Back() => conversation.People.Where(talker => talker.Ear.Admissions > admissions[talker]);
    });
}
