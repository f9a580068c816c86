using Hype.Cluster.Tests.Testing;
using Hype.EndToEnd.Tests.Testing;
using Hype.Testing.Processes;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Proves that audio continues, and that joins, mutes and leaves work again within seconds, when the host of a channel's silo loses its
/// network abruptly, as in a power failure: no connection is closed, and no packet is answered.
/// </summary>
internal sealed class SiloHostVanishes()
    : SiloLoss(new FaultGoal(
        "the host of the channel's silo vanishes", "joins, mutes and leaves work again", "ms", 5_000, 8_000, Slack: 2_000))
{
    // The nodes of deploy/local/cluster have their control ports on loopback, which the silo's host does not reach.
    private const string Node = "node-reachable-1";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly string NodeUrl = $"http://{LocalCluster.Address}:8082";

    [Test]
    public Task Audio_continues_and_control_calls_succeed_again_within_seconds() => RepeatAsync(async () =>
    {
        var region = Cluster.Nodes.Last().Region;
        await using var node = await StartNodeAsync(region);
        await using var host = await ControlHost.StartSiloAsync(Cluster, Cluster.Gateways.First().Region);
        var channel = await ChannelOnAsync(host);
        await using var conversation = await Conversation.StartOnAsync(Cluster, Node, region, channel, People);

        await MustBeServedAgainAsync(conversation, () =>
        {
            Assert.That(host.Log, Does.Contain($"joined channel {channel} "), "the channel is on the host");
            return host.VanishAsync();
        });
    });

    /// <summary>Starts a media node that all silos reach.</summary>
    private async Task<ChildProcess> StartNodeAsync(string region)
    {
        var began = DateTimeOffset.UtcNow;
        var node = ChildProcess.Start("dotnet", [RepositoryPaths.AssemblyOf("MediaNode")], environment: MediaNodeProcess.Environment(
            Cluster, Node, region, NodeUrl, LocalCluster.Address, $"{Cluster.Gateways.First().GrpcUrl}"));
        try
        {
            await MediaNodeProcess.RegisteredAsync(Cluster, Node, node, began);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Activates channels until one is on the host: it is one of the two silos in the region of the first gateway.</summary>
    private async Task<string> ChannelOnAsync(ControlHost host)
    {
        while (true)
        {
            var channel = NewChannel();
            await Cluster.BackOffice.SetAsync(channel, "sfu");
            await Waiting.UntilAsync(
                () => Task.FromResult(IsOn(host, channel) || ChannelHolder.Find(Cluster, channel) is not null),
                Limit,
                () => $"no silo logged the activation of {channel}");
            if (IsOn(host, channel))
                return channel;
        }
    }

    private static bool IsOn(ControlHost host, string channel) =>
        host.Log.Contains($"Channel {channel} activated as", StringComparison.Ordinal);
}
