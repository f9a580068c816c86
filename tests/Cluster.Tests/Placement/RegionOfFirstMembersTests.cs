using Hype.Cluster.Tests.Faults;
using Hype.Cluster.Tests.Testing;

namespace Hype.Cluster.Tests.Placement;

/// <summary>A channel's grain lives where its first member came in, so that most of its calls stay in one region.</summary>
[Category("Cluster")]
internal sealed class RegionOfFirstMembersTests
{
    // The chance that silos chosen at random would do as well is 1 in 2^12.
    private const int ChannelsPerRegion = 6;

    [Test]
    public async Task A_channel_is_held_by_a_silo_of_its_first_member_s_region()
    {
        var cluster = await SharedCluster.GetAsync();
        await cluster.WholeAsync();
        var gateways = cluster.Gateways.ToArray();

        for (var index = 0; index < ChannelsPerRegion * gateways.Length; index++)
        {
            var channel = $"first-member-{index}";
            await using var visitor = await Visitor.JoinAsync(cluster, channel, gateway: index);

            var silo = await ChannelHolder.FindAsync(cluster, channel);

            Assert.That(cluster.Silos.Single(endpoint => endpoint.Name == silo).Region, Is.EqualTo(gateways[index % gateways.Length].Region), $"the silo of {channel}");
        }
    }
}
