using Hype.Testing.Processes;

namespace Hype.Cluster.Tests.Testing;

/// <summary>
/// A media node on its own host with two network interfaces, one for clients and one for the control plane, as in a data centre.
/// <code>
///   clients ═══ 10.91.0.1 ── media ── 10.91.0.2 ╗
///                                              node
///   silos, relay to a gateway ═══ 10.91.0.5 ── control ── 10.91.0.6 ╝
/// </code>
/// </summary>
internal sealed class NodeHost : IAsyncDisposable
{
    private const string Media = "hype-media";
    private const string Control = "hype-control";
    private const string GatewayAddress = "10.91.0.5";
    private const string MediaAddress = "10.91.0.2";
    private const string ControlAddress = "10.91.0.6";
    private const int ControlPort = 8082;

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    private readonly IsolatedHost _host;
    private readonly TcpRelay _relay;
    private ChildProcess? _node;

    private NodeHost(IsolatedHost host, TcpRelay relay) => (_host, _relay) = (host, relay);

    public string Name => "node-hosted-1";

    /// <summary>The complete output of the media node's process.</summary>
    public string Log => _node?.Log ?? "";

    /// <summary>Starts a host with a media node in a region, and waits until the node has a valid lease.</summary>
    public static async Task<NodeHost> StartAsync(LocalCluster cluster, string region)
    {
        var host = await IsolatedHost.StartAsync();
        NodeHost? node = null;
        try
        {
            await host.ConnectAsync(Media, "10.91.0.1", MediaAddress);
            await host.ConnectAsync(Control, GatewayAddress, ControlAddress);
            node = new NodeHost(host, TcpRelay.Start(GatewayAddress, cluster.Gateways.First().GrpcUrl!));
            await node.StartNodeAsync(cluster, region);
            return node;
        }
        catch
        {
            await (node?.DisposeAsync() ?? host.DisposeAsync());
            throw;
        }
    }

    /// <summary>Takes both interfaces down: the host is cut off from clients and control plane.</summary>
    /// <returns>The last instant at which the host was certainly reachable.</returns>
    public Task<Moment> VanishAsync() => _host.TakeDownAsync(Media, Control);

    /// <summary>Takes the interface to the control plane down; clients still reach the host.</summary>
    public Task<Moment> PartitionAsync() => _host.TakeDownAsync(Control);

    /// <summary>Takes the interface to the control plane up again, which ends the partition.</summary>
    public Task HealAsync() => _host.TakeUpAsync(Control);

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.StopAsync(StopLimit);
            await _node.DisposeAsync();
        }

        await _relay.DisposeAsync();
        await _host.DisposeAsync();
    }

    private async Task StartNodeAsync(LocalCluster cluster, string region)
    {
        var began = DateTimeOffset.UtcNow;
        _node = _host.Start("MediaNode", MediaNodeProcess.Environment(
            cluster, Name, region, $"http://{ControlAddress}:{ControlPort}", MediaAddress, _relay.Url));
        await MediaNodeProcess.RegisteredAsync(cluster, Name, _node, began);
    }
}
