using Hype.Cluster.Tests.Testing;

namespace Hype.Cluster.Tests.Faults;

/// <summary>The host of a media node loses power: no connection is closed, no notice is sent, nothing answers any more.</summary>
internal sealed class MediaHostVanishes : NodeHostFault
{
    private const string Name = "a media node's host vanishes";

    // The limit for a killed node, plus the lease and its probe, ≤ 2 s.
    private static readonly FaultGoal HearAgain = new(Name, "all hear each other again", "ms", 2_500, 3_500, Slack: 1_000);

    [Test]
    public Task All_members_hear_each_other_again_without_rejoining() => RepeatAsync(async () =>
    {
        var region = Cluster.Nodes.First().Region;
        await using var host = await NodeHost.StartAsync(Cluster, region);
        await using var conversation = await StartConversationOnAsync(host, region, people: 20);
        var seats = await Seats.NoteAsync(Cluster, conversation);
        var before = conversation.Mark();

        var vanished = await host.VanishAsync();

        await conversation.HearEachOtherAsync(before);
        var gaps = conversation.GapsSince(before);
        foreach (var (stage, milliseconds) in NodeLossTimeline.Read(Cluster, conversation, host.Name, vanished, gaps))
            Tell(new FaultGoal(Name, stage, "ms", null, null), milliseconds);
        await seats.AreKeptAsync(Cluster);
        seats.HaveTheirConnections();
        await conversation.AllHearAllAsync();
        Must(HearAgain, gaps.Max(gap => gap.Silence));
    });
}
