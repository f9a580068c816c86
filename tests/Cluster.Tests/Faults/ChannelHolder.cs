using Hype.Cluster.Tests.Testing;
using Hype.EndToEnd.Tests.Testing;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Finds the silo that hosts a channel's grain: the silo whose log has the newest line about an activation of the channel.
/// </summary>
internal static class ChannelHolder
{
    // A process writes its log with a small delay.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <returns>The name of the silo in the cluster's file, such as <c>silo-1</c>.</returns>
    public static async Task<string> FindAsync(LocalCluster cluster, string channel)
    {
        string? holder = null;
        await Waiting.UntilAsync(
            () => Task.FromResult((holder = Find(cluster, channel)) is not null),
            Limit,
            () => $"no silo logged the activation of {channel}");
        return holder!;
    }

    /// <summary>Returns the name of the silo, or null if no silo has logged the activation.</summary>
    public static string? Find(LocalCluster cluster, string channel)
    {
        var here =
            from silo in cluster.Silos
            from line in cluster.Log(silo.Name).Lines()
            where line.Text.Contains($"Channel {channel} activated as", StringComparison.Ordinal)
            orderby line.At
            select silo.Name;
        return here.LastOrDefault();
    }
}
