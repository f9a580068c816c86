using Hype.Cluster.Tests.Testing;

namespace Hype.Cluster.Tests.Faults;

/// <summary>All silos and gateways are restarted, one after another, as at an upgrade.</summary>
internal sealed class RollingRestart : Fault
{
    private const string Name = "rolling restart of all silos and gateways";

    private static readonly FaultGoal Gap = new(Name, "audio gap", "ms", 0, 0);

    [Test]
    public Task Audio_continues() => RepeatAsync(async () =>
    {
        await using var conversation = await Conversation.StartAsync(Cluster, NewChannel(), people: 12);
        var seats = await Seats.NoteAsync(Cluster, conversation);
        var before = conversation.Mark();

        foreach (var process in Cluster.Silos.Concat(Cluster.Gateways))
        {
            await Cluster.RestartAsync(process.Name);
            await Cluster.WholeAsync();
        }

        await conversation.HearEachOtherAsync(conversation.Mark());
        var gap = conversation.GapsSince(before).Max(gap => gap.Lost);
        await seats.AreKeptAsync(Cluster);
        seats.HaveTheirConnections();
        Must(Gap, gap);
        await conversation.AllHearAllAsync();
    });
}
