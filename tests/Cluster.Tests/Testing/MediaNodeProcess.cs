using Hype.EndToEnd.Tests.Testing;
using Hype.Testing.Processes;

namespace Hype.Cluster.Tests.Testing;

/// <summary>A media node beside those of the cluster's script.</summary>
internal static class MediaNodeProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Returns the environment variables of a media node with one worker.</summary>
    /// <param name="controlUrl">The URL at which silos reach the node.</param>
    /// <param name="mediaAddress">The address at which clients reach the node.</param>
    /// <param name="gateway">The URL of the gateway at which the node registers.</param>
    public static Dictionary<string, string> Environment(
        LocalCluster cluster, string name, string region, string controlUrl, string mediaAddress, string gateway) => new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Hype__MediaNode__NodeId"] = name,
            ["Hype__MediaNode__Region"] = region,
            ["Hype__MediaNode__Workers"] = "1",
            ["Hype__MediaNode__ControlUrl"] = controlUrl,
            ["Hype__MediaNode__MetricsUrl"] = "",
            ["Hype__MediaNode__AnnouncedAddresses__0"] = mediaAddress,
            ["Hype__MediaNode__Gateways__0"] = gateway,
            ["Hype__MediaNode__JoinSecret"] = cluster.Variables["HYPE_JOIN_SECRET"],
        };

    /// <summary>Waits until a node has a valid lease.</summary>
    /// <param name="began">The time of the node's start: a node of an earlier repetition may have had the same name.</param>
    public static Task RegisteredAsync(LocalCluster cluster, string name, ChildProcess node, DateTimeOffset began) => Waiting.UntilAsync(
        async () => (await cluster.BackOffice.NodesAsync()).Any(other => other.Node == name && other.LastHeartbeat > began),
        Limit,
        () => $"{name} has no valid lease:\n{node.Log}",
        () => node.HasExited);
}
