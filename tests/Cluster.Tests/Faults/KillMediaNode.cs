using Hype.Cluster.Tests.Testing;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Proves that all members hear each other again, in the same sessions, after <c>kill -9</c> of the media node that carries twenty of
/// them.
/// </summary>
internal abstract class KillMediaNode(FaultGoal hearAgain) : Fault
{
    private const int People = 20;

    /// <summary>True if the members' media connections must survive; false if new connections are allowed.</summary>
    protected abstract bool KeepsConnections { get; }

    [Test]
    public Task Members_on_a_killed_media_node_hear_each_other_again_without_a_rejoin() => RepeatAsync(async () =>
    {
        await using var conversation = await Conversation.StartAsync(Cluster, NewChannel(), People);
        var preserved = await PreservedState.CaptureAsync(Cluster, conversation);
        var node = preserved.Rooms.Single().Node;
        var before = conversation.Mark();

        var killed = Cluster.Kill(node);

        await conversation.HearEachOtherAsync(before);
        var gaps = conversation.GapsSince(before);
        foreach (var (stage, milliseconds) in NodeLossTimeline.Read(Cluster, conversation, node, killed, gaps))
            Record(new FaultGoal(hearAgain.Fault, stage, "ms", null, null), milliseconds);
        await preserved.AssertUnchangedAsync(Cluster);
        if (KeepsConnections)
            preserved.AssertSameConnections();
        await conversation.AllHearAllAsync();
        Must(hearAgain, gaps.Max(gap => gap.Silence));
    });
}
