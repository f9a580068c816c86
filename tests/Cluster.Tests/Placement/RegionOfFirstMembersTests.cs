using Hype.Cluster.Tests.Faults;
using Hype.Cluster.Tests.Testing;

namespace Hype.Cluster.Tests.Placement;

/// <summary>
/// Tests that a channel's grain is activated in the region of its first member, so that most calls to it stay within one region.
/// </summary>
[Category("Cluster")]
internal sealed class RegionOfFirstMembersTests
{
    // Random placement on two silos passes the test with a probability of 1 in 2^12.
    private const int ChannelsPerRegion = 6;

    [Test]
    public async Task Channel_is_hosted_in_the_region_of_its_first_member()
    {
        var cluster = await SharedCluster.GetAsync();
        await cluster.EnsureCompleteAsync();
        var gateways = cluster.Gateways.ToArray();

        for (var index = 0; index < ChannelsPerRegion * gateways.Length; index++)
        {
            var channel = $"first-member-{index}";
            await using var visitor = await Visitor.JoinAsync(cluster, channel, gateway: index);

            var silo = await ChannelHolder.FindAsync(cluster, channel);

            Assert.That(cluster.Silos.Single(endpoint => endpoint.Name == silo).Region,
                Is.EqualTo(gateways[index % gateways.Length].Region), $"the silo of {channel}");
        }
    }
}
