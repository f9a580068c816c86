using Hype.Cluster.Tests.Testing;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Kills the media node in a cluster whose nodes do not share keys (<c>PortableTransports</c> is off): every member gets a new connection
/// on another node.
/// </summary>
[Order(2)]
internal sealed class KillMediaNodeNotPortable()
    : KillMediaNode(new FaultGoal(
        "kill -9 a media node, transports not portable", "all hear each other again", "ms", Median: 2_000, Worst: 4_000, Slack: 1_000))
{
    private static readonly Dictionary<string, string> Settings = new() { ["Hype__Channels__PortableTransports"] = "false" };

    protected override bool KeepsConnections => false;

    protected override Task<LocalCluster> GetClusterAsync() => SharedCluster.GetAsync(Settings);
}
