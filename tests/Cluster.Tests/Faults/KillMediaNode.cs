using Hype.Cluster.Tests.Testing;

namespace Hype.Cluster.Tests.Faults;

/// <summary><c>kill -9</c> of the media node that carries twenty members.</summary>
internal abstract class KillMediaNode(FaultGoal hearAgain) : Fault
{
    private const int People = 20;

    /// <summary>True: the connections must survive.</summary>
    protected abstract bool KeepsConnections { get; }

    [Test]
    public Task All_members_hear_each_other_again_without_rejoining() => RepeatAsync(async () =>
    {
        await using var conversation = await Conversation.StartAsync(Cluster, NewChannel(), People);
        var seats = await Seats.NoteAsync(Cluster, conversation);
        var node = seats.Rooms.Single().Node;
        var before = conversation.Mark();

        var killed = Cluster.Kill(node);

        await conversation.HearEachOtherAsync(before);
        var gaps = conversation.GapsSince(before);
        foreach (var (stage, milliseconds) in NodeLossTimeline.Read(Cluster, conversation, node, killed, gaps))
            Tell(new FaultGoal(hearAgain.Fault, stage, "ms", null, null), milliseconds);
        await seats.AreKeptAsync(Cluster);
        if (KeepsConnections)
            seats.HaveTheirConnections();
        await conversation.AllHearAllAsync();
        Must(hearAgain, gaps.Max(gap => gap.Silence));
    });
}
