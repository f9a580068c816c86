using Hype.Cluster.Tests.Testing;

namespace Hype.Cluster.Tests.Faults;

/// <summary>Keys never leave a node: every member gets a new connection on another node.</summary>
internal sealed class KillMediaNodeNotPortable()
    : KillMediaNode(new FaultGoal(
        "kill -9 a media node, transports not portable", "all hear each other again", "ms", Median: 2_000, Worst: 4_000, Slack: 1_000))
{
    private static readonly Dictionary<string, string> Settings = new() { ["Hype__Channels__PortableTransports"] = "false" };

    protected override bool KeepsConnections => false;

    // Two clusters at once exceed two cores.
    protected override async Task<LocalCluster> GetClusterAsync()
    {
        await SharedCluster.StopAsync();
        return await LocalCluster.StartAsync(Settings);
    }

    [OneTimeTearDown]
    public async Task StopClusterAsync() => await Cluster.DisposeAsync();
}
