using Hype.Cluster.Tests.Harness;

namespace Hype.Cluster.Tests.Faults;

/// <summary>Which silo holds a channel: the one whose log has the newest word of it.</summary>
internal static class ChannelHolder
{
    public static string Find(LocalCluster cluster, string channel) =>
        cluster.Silos
            .Select(silo => (silo.Name, Last: cluster.Log(silo.Name).Lines().LastOrDefault(line => line.Text.Contains($"Channel {channel} ", StringComparison.Ordinal))))
            .Where(silo => silo.Last is not null)
            .MaxBy(silo => silo.Last!.At)
            .Name
        ?? throw new InvalidOperationException($"No silo's log says anything about {channel}.");
}
