using Hype.Cluster.Tests.Faults;
using Hype.Cluster.Tests.Testing;

namespace Hype.Cluster.Tests.Regions;

/// <summary>Tests a channel with members in three regions, which has a room in each region.</summary>
[Category("Cluster")]
internal sealed class CascadeTests
{
    // ms on one machine: one more node on the path, plus an allowance for two busy cores.
    private const double MostPerHop = 20;

    [Test]
    public async Task Members_in_three_regions_hear_each_other_with_little_added_latency()
    {
        var cluster = await SharedCluster.GetAsync();
        await cluster.EnsureCompleteAsync();
        string[] regions = [.. cluster.Nodes.Select(node => node.Region).Distinct()];
        Assert.That(regions, Has.Length.EqualTo(3));

        await using var conversation = await Conversation.StartAsync(cluster, "cascade", people: 9, regions);
        var state = await cluster.BackOffice.GetAsync(conversation.Channel);
        Assert.That(state.Rooms.Select(room => room.Region), Is.EquivalentTo(regions), "a room in each region");
        Assert.That(state.Rooms.Select(room => room.Node).Distinct().Count(), Is.EqualTo(3), "on three nodes");
        await conversation.AllHearAllAsync();

        // The current speakers, by whether speaker and listener are in the same room.
        var (near, far) = (Delay(conversation, regions.Length, sameRoom: true), Delay(conversation, regions.Length, sameRoom: false));
        var hop = new FaultGoal("a channel in three regions", "added latency of a hop", "ms", null, MostPerHop);
        FaultTable.Add(new FaultGoal(hop.Fault, "median latency in the same room", "ms", null, null), near);
        FaultTable.Add(hop, far - near);
        Assert.That(far - near, Is.LessThan(MostPerHop), $"{far:0.00} ms over a link, {near:0.00} ms in the same room");
    }

    /// <summary>
    /// Returns the median time in milliseconds from the sending of a frame to its receipt, over all pairs of listener and speaker that
    /// share a room or, if <paramref name="sameRoom"/> is false, do not.
    /// </summary>
    private static double Delay(Conversation conversation, int regions, bool sameRoom)
    {
        var place = conversation.People.Select((talker, index) => (talker, index))
            .ToDictionary(entry => entry.talker, entry => entry.index % regions);
        var delays =
            from listener in conversation.People
            from speaker in conversation.Floor
            where listener != speaker && place[listener] == place[speaker] == sameRoom
            from delay in listener.Reception.Of(speaker.Number, frames => frames.DelaysFrom(0).ToArray())
            select delay / 1000.0;
        return FaultTable.Median([.. delays]);
    }
}
