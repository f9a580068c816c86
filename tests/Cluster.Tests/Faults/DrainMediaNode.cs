using Hype.Cluster.Tests.Testing;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Proves that a media node with twenty members hands them over to other nodes after SIGTERM, as at an upgrade: hardly a frame is lost,
/// and the members' connections continue.
/// </summary>
internal sealed class DrainMediaNode : Fault
{
    private const string Name = "drain a media node under load";

    // Hype:MediaNode:DrainTimeout: after it, the node drops its remaining endpoints and exits.
    private const double Deadline = 60_000;

    private static readonly FaultGoal Missing = new(Name, "audio missing per listener", "ms", 20, 20, Slack: 180);
    private static readonly FaultGoal Exit = new(Name, "the node's process has exited", "ms", null, Deadline);

    [Test]
    public Task Drain_of_a_media_node_moves_all_members_and_each_listener_misses_at_most_one_frame() => RepeatAsync(async () =>
    {
        await using var conversation = await Conversation.StartAsync(Cluster, NewChannel(), people: 20);
        var preserved = await PreservedState.CaptureAsync(Cluster, conversation);
        var node = preserved.Rooms.Single().Node;
        var before = conversation.Mark();

        var began = Moment.Now;
        var orderly = await Cluster.StopAsync(node);
        var ended = Moment.Now;

        await conversation.HearEachOtherAsync(conversation.Mark());
        var gaps = conversation.GapsSince(before);
        await TestContext.Out.WriteLineAsync(conversation.LossesSince(before));
        await preserved.AssertUnchangedAsync(Cluster);
        preserved.AssertSameConnections();
        await conversation.AllHearAllAsync();
        Assert.That(orderly, "the node exits after its drain");
        Must(Exit, began.MillisecondsTo(ended.Media));
        Must(Missing, gaps.Max(gap => gap.Lost));
    });
}
