using Hype.Cluster.Tests.Testing;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Proves that all members hear each other again when their media node's host loses its network abruptly, as in a power failure: no
/// connection is closed, no notice is sent, and no packet is answered.
/// </summary>
internal sealed class MediaHostVanishes : Fault
{
    private const string Name = "a media node's host vanishes";

    // The limit for a killed node, plus at most 2 s until the lease has ended and a probe has confirmed the loss.
    private static readonly FaultGoal HearAgain = new(Name, "all hear each other again", "ms", 2_500, 3_500, Slack: 1_000);

    [Test]
    public Task Members_on_a_vanished_media_node_hear_each_other_again_without_a_rejoin() => RepeatAsync(async () =>
    {
        var region = Cluster.Nodes.First().Region;
        await using var host = await NodeHost.StartAsync(Cluster, region);
        await using var conversation = await Conversation.StartOnAsync(Cluster, host.Name, region, NewChannel(), people: 20);
        var preserved = await PreservedState.CaptureAsync(Cluster, conversation);
        var before = conversation.Mark();

        var vanished = await host.VanishAsync();

        await conversation.HearEachOtherAsync(before);
        var gaps = conversation.GapsSince(before);
        foreach (var (stage, milliseconds) in NodeLossTimeline.Read(Cluster, conversation, host.Name, vanished, gaps))
            Record(new FaultGoal(Name, stage, "ms", null, null), milliseconds);
        await preserved.AssertUnchangedAsync(Cluster);
        preserved.AssertSameConnections();
        await conversation.AllHearAllAsync();
        Must(HearAgain, gaps.Max(gap => gap.Silence));
    });
}
