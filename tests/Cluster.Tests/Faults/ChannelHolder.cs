using Hype.Cluster.Tests.Harness;

namespace Hype.Cluster.Tests.Faults;

/// <summary>Which silo holds a channel: the one whose log was the last to say that it is here.</summary>
internal static class ChannelHolder
{
    public static string Find(LocalCluster cluster, string channel)
    {
        var here =
            from silo in cluster.Silos
            from line in cluster.Log(silo.Name).Lines()
            where line.Text.Contains($"Channel {channel} is here", StringComparison.Ordinal)
            orderby line.At
            select silo.Name;
        return here.LastOrDefault() ?? throw new InvalidOperationException($"No silo's log says that {channel} is here.");
    }
}
