using Hype.Cluster.Tests.Testing;
using Hype.EndToEnd.Tests.Testing;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Proves that a channel ends in one layout when the control plane loses the connection to a media node that clients still reach. When the
/// node returns, it must close its stale rooms.
/// </summary>
internal sealed class MediaNodePartitioned : Fault
{
    private const string Name = "a media node partitioned from the control plane";

    private static readonly FaultGoal Gap = new(Name, "audio gap", "ms", null, 4_000);
    private static readonly FaultGoal Fenced = new(Name, "its stale rooms are closed after the partition", "ms", null, 15_000);

    [Test]
    public Task Members_on_a_partitioned_media_node_move_to_another_node_and_stay_there_afterwards() => RepeatAsync(async () =>
    {
        var region = Cluster.Nodes.First().Region;
        await using var host = await NodeHost.StartAsync(Cluster, region);
        await using var conversation = await Conversation.StartOnAsync(Cluster, host.Name, region, NewChannel(), people: 20);
        var preserved = await PreservedState.CaptureAsync(Cluster, conversation);
        var before = conversation.Mark();

        await host.PartitionAsync();

        // The channel moves to another node, while the old node still serves the clients that have not moved yet.
        await Waiting.UntilAsync(
            async () => (await Cluster.BackOffice.GetAsync(conversation.Channel)).Rooms is [var room] && room.Node != host.Name,
            TimeSpan.FromSeconds(20),
            () => "the channel has not moved");
        await conversation.HearEachOtherAsync(conversation.Mark());
        var gap = conversation.GapsSince(before).Max(gap => gap.Silence);
        await conversation.AllHearAllAsync();
        await preserved.AssertUnchangedAsync(Cluster);

        await host.HealAsync();
        var healed = Moment.Now;

        // The old node is fenced: it is ordered to close the rooms that it still carries.
        await Waiting.UntilAsync(
            async () => (await Cluster.BackOffice.NodesAsync())
                .Any(node => node.Node == host.Name && node.LastHeartbeat > healed.Wall && node is { Rooms: 0, Endpoints: 0 }),
            TimeSpan.FromSeconds(30),
            () => $"{host.Name} is not back and empty:\n{host.Log}");
        var fenced = healed.MillisecondsTo(DateTimeOffset.UtcNow);
        await conversation.AllHearAllAsync();
        await preserved.AssertUnchangedAsync(Cluster);
        Assert.That((await Cluster.BackOffice.GetAsync(conversation.Channel)).Rooms.Select(room => room.Node), Has.No.Member(host.Name),
            "the channel does not return to the old node");
        Must(Fenced, fenced);
        Must(Gap, gap);
    });
}
