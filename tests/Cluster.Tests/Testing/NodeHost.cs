using Hype.EndToEnd.Tests.Testing;
using Hype.Testing.Processes;

namespace Hype.Cluster.Tests.Testing;

/// <summary>
/// A media node on its own host: a network namespace with two network interfaces, one for clients and one for the control plane, as in a
/// data centre. When a test takes an interface down, the other side gets no FIN, no RST and no ICMP message, as with a broken cable.
/// <code>
///   clients ═══ 10.91.0.1 ── media ── 10.91.0.2 ╗
///                                              node
///   silos, relay to a gateway ═══ 10.91.0.5 ── control ── 10.91.0.6 ╝
/// </code>
/// To create interfaces, the tests need CAP_NET_ADMIN: <c>tests/run</c> runs them in a separate network namespace, where they have it.
/// </summary>
internal sealed class NodeHost : IAsyncDisposable
{
    private const string Media = "hype-media";
    private const string Control = "hype-control";
    private const string GatewayAddress = "10.91.0.5";
    private const string MediaAddress = "10.91.0.2";
    private const string ControlAddress = "10.91.0.6";
    private const int ControlPort = 8082;

    // `cat` holds the namespace, and exits with its stdin: a killed test run leaves nothing behind.
    private const string Hold = "ip link set lo up && echo ready && exec cat";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    private readonly LocalCluster _cluster;
    private readonly ChildProcess _holder;
    private readonly TcpRelay _relay;
    private ChildProcess? _node;

    private NodeHost(LocalCluster cluster, ChildProcess holder, TcpRelay relay) => (_cluster, _holder, _relay) = (cluster, holder, relay);

    public string Name => "node-hosted-1";

    /// <summary>The complete output of the media node's process.</summary>
    public string Log => _node?.Log ?? "";

    /// <summary>Starts a host with a media node in a region, and waits until the node has a valid lease.</summary>
    public static async Task<NodeHost> StartAsync(LocalCluster cluster, string region)
    {
        var holder = ChildProcess.Start("unshare", ["--net", "--", "sh", "-c", Hold]);
        NodeHost? host = null;
        try
        {
            await holder.WaitForLineAsync(line => line == "ready", Limit);
            await CardAsync(holder, Media, "10.91.0.1", MediaAddress);
            await CardAsync(holder, Control, GatewayAddress, ControlAddress);
            host = new NodeHost(cluster, holder, TcpRelay.Start(GatewayAddress, cluster.Gateways.First().GrpcUrl!));
            await host.StartNodeAsync(region);
            return host;
        }
        catch
        {
            if (host is not null)
                await host.DisposeAsync();
            else
                await holder.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes both interfaces down: the host is cut off from clients and control plane.</summary>
    /// <returns>The last instant at which the host was certainly reachable.</returns>
    public async Task<Moment> VanishAsync()
    {
        var last = Moment.Now;
        await InsideAsync("sh", "-c", $"ip link set {Media} down && ip link set {Control} down");
        return last;
    }

    /// <summary>Takes the interface to the control plane down; clients still reach the host.</summary>
    public async Task<Moment> PartitionAsync()
    {
        var last = Moment.Now;
        await InsideAsync("ip", "link", "set", Control, "down");
        return last;
    }

    /// <summary>Takes the interface to the control plane up again, which ends the partition.</summary>
    public Task HealAsync() => InsideAsync("ip", "link", "set", Control, "up");

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.StopAsync(StopLimit);
            await _node.DisposeAsync();
        }

        await _relay.DisposeAsync();
        // Removes both ends: the kernel would take a while to free a namespace whose last process has exited.
        foreach (var name in new[] { Media, Control })
            await ChildProcess.RunAsync("ip", ["link", "delete", name], Limit);
        await _holder.DisposeAsync();
    }

    private async Task StartNodeAsync(string region)
    {
        var began = DateTimeOffset.UtcNow;
        var (file, arguments) = Enter(_holder, "dotnet", RepositoryPaths.AssemblyOf("MediaNode"));
        _node = ChildProcess.Start(file, arguments, environment: new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Hype__MediaNode__NodeId"] = Name,
            ["Hype__MediaNode__Region"] = region,
            ["Hype__MediaNode__Workers"] = "1",
            ["Hype__MediaNode__ControlUrl"] = $"http://{ControlAddress}:{ControlPort}",
            ["Hype__MediaNode__MetricsUrl"] = "",
            ["Hype__MediaNode__AnnouncedAddresses__0"] = MediaAddress,
            ["Hype__MediaNode__Gateways__0"] = _relay.Url,
            ["Hype__MediaNode__JoinSecret"] = _cluster.Variables["HYPE_JOIN_SECRET"],
        });
        await Waiting.UntilAsync(
            // A node of an earlier repetition may have had the same name: only a new heartbeat counts.
            async () => (await _cluster.BackOffice.NodesAsync()).Any(node => node.Node == Name && node.LastHeartbeat > began),
            Limit,
            () => $"{Name} has no valid lease:\n{_node.Log}",
            () => _node.HasExited);
    }

    private async Task InsideAsync(params string[] words)
    {
        var (file, arguments) = Enter(_holder, words[0], words[1..]);
        await ChildProcess.RunAsync(file, arguments, Limit);
    }

    private static (string File, IReadOnlyList<string> Arguments) Enter(ChildProcess holder, string file, params string[] arguments) =>
        ("nsenter", ["--target", $"{holder.Id}", "--net", "--", file, .. arguments]);

    /// <summary>Creates a pair of connected interfaces: one in the test's network, and one in the host's.</summary>
    private static async Task CardAsync(ChildProcess holder, string name, string here, string there)
    {
        await ChildProcess.RunAsync(
            "ip", ["link", "add", "name", name, "type", "veth", "peer", "name", name, "netns", $"{holder.Id}"], Limit);
        await ChildProcess.RunAsync("ip", ["address", "add", $"{here}/30", "dev", name], Limit);
        await ChildProcess.RunAsync("ip", ["link", "set", name, "up"], Limit);
        var (file, arguments) = Enter(holder, "sh", "-c", $"ip address add {there}/30 dev {name} && ip link set {name} up");
        await ChildProcess.RunAsync(file, arguments, Limit);
    }
}
