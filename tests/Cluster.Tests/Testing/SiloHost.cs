using System.Net;
using Hype.EndToEnd.Tests.Testing;
using Hype.Testing.Processes;

namespace Hype.Cluster.Tests.Testing;

/// <summary>
/// A silo on its own host: a network namespace with one network interface. When a test takes the interface down, the other processes get
/// no FIN, no RST and no ICMP message, as after a power failure. The cluster's other silos must advertise <see cref="Elsewhere"/>, an
/// address that the host can reach.
/// <code>
///   silos 10.92.0.1, gateways, relays to Redis and PostgreSQL ═══ 10.93.0.1 ── 10.93.0.2 ═══ the hosted silo
/// </code>
/// To create interfaces, the tests need CAP_NET_ADMIN: <c>tests/run</c> runs them in a separate network namespace, where they have it.
/// </summary>
internal sealed class SiloHost : IAsyncDisposable
{
    /// <summary>The address of the cluster's other silos.</summary>
    public const string Elsewhere = "10.92.0.1";

    private const string Card = "hype-silo";
    private const string Here = "10.93.0.1";
    private const string There = "10.93.0.2";

    // `cat` holds the namespace, and exits with its stdin: a killed test run leaves nothing behind.
    private const string Hold = "ip link set lo up && echo ready && exec cat";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly ChildProcess _holder;
    private readonly TcpRelay _redis;
    private readonly TcpRelay _postgres;
    private ChildProcess? _silo;

    private SiloHost(ChildProcess holder, TcpRelay redis, TcpRelay postgres) =>
        (_holder, _redis, _postgres) = (holder, redis, postgres);

    /// <summary>The complete output of the silo's process.</summary>
    public string Log => _silo?.Log ?? "";

    /// <summary>Adds <see cref="Elsewhere"/> to this namespace; call it before the cluster starts.</summary>
    public static Task AddElsewhereAsync() => ChildProcess.RunAsync("ip", ["address", "replace", $"{Elsewhere}/32", "dev", "lo"], Limit);

    public static Task RemoveElsewhereAsync() => ChildProcess.RunAsync("ip", ["address", "delete", $"{Elsewhere}/32", "dev", "lo"], Limit);

    /// <summary>Starts a host with a silo, and waits until the silo has joined the cluster.</summary>
    public static async Task<SiloHost> StartAsync(LocalCluster cluster, string region)
    {
        var holder = ChildProcess.Start("unshare", ["--net", "--", "sh", "-c", Hold]);
        SiloHost? host = null;
        try
        {
            await holder.WaitForLineAsync(line => line == "ready", Limit);
            await ConnectAsync(holder);
            // host:port,password=… and Host=…;Port=…;…
            var redis = cluster.Variables["HYPE_REDIS"].Split(',', 2);
            var postgres = cluster.Variables["HYPE_POSTGRES"].Split(';').Select(part => part.Split('=', 2)).ToArray();
            var port = postgres.Single(part => part[0] == "Port")[1];
            host = new SiloHost(
                holder, TcpRelay.Start(Here, new Uri($"tcp://{redis[0]}")), TcpRelay.Start(Here, new Uri($"tcp://127.0.0.1:{port}")));
            await host.StartSiloAsync(region, redis[1], postgres);
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

    /// <summary>Takes the interface down.</summary>
    /// <returns>The last instant at which the host was certainly reachable.</returns>
    public async Task<Moment> VanishAsync()
    {
        var last = Moment.Now;
        await InsideAsync("ip", "link", "set", Card, "down");
        return last;
    }

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null)
        {
            ProcessSignal.Kill(_silo.Id);
            await _silo.StopAsync(StopLimit);
            await _silo.DisposeAsync();
        }

        await _redis.DisposeAsync();
        await _postgres.DisposeAsync();
        await ChildProcess.RunAsync("ip", ["link", "delete", Card], Limit);
        await _holder.DisposeAsync();
    }

    private async Task StartSiloAsync(string region, string redisOptions, string[][] postgres)
    {
        var (redis, database) = (new Uri(_redis.Url), new Uri(_postgres.Url));
        var connection = string.Join(';', postgres.Select(part => part[0] switch
        {
            "Host" => $"Host={database.Host}",
            "Port" => $"Port={database.Port}",
            _ => string.Join('=', part),
        }));
        var (file, arguments) = Enter("dotnet", RepositoryPaths.AssemblyOf("Silo"));
        _silo = ChildProcess.Start(file, arguments, environment: new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Hype__Cluster__Provider"] = "Redis",
            ["Hype__Cluster__Redis"] = $"{redis.Host}:{redis.Port},{redisOptions}",
            ["Hype__Storage__PostgreSql"] = connection,
            ["Hype__Silo__Region"] = region,
            ["Hype__Silo__Url"] = $"http://{IPAddress.Loopback}:0",
            ["Hype__Silo__AdvertisedAddress"] = There,
        });
        await _silo.WaitForLineAsync(line => line.Contains("has joined cluster", StringComparison.Ordinal), Limit);
    }

    private async Task InsideAsync(params string[] words)
    {
        var (file, arguments) = Enter(words[0], words[1..]);
        await ChildProcess.RunAsync(file, arguments, Limit);
    }

    private (string File, IReadOnlyList<string> Arguments) Enter(string file, params string[] arguments) =>
        Enter(_holder, file, arguments);

    private static (string File, IReadOnlyList<string> Arguments) Enter(ChildProcess holder, string file, params string[] arguments) =>
        ("nsenter", ["--target", $"{holder.Id}", "--net", "--", file, .. arguments]);

    /// <summary>Creates a pair of connected interfaces: one in the test's network, and one in the host's.</summary>
    private static async Task ConnectAsync(ChildProcess holder)
    {
        await ChildProcess.RunAsync(
            "ip", ["link", "add", "name", Card, "type", "veth", "peer", "name", Card, "netns", $"{holder.Id}"], Limit);
        await ChildProcess.RunAsync("ip", ["address", "add", $"{Here}/30", "dev", Card], Limit);
        await ChildProcess.RunAsync("ip", ["link", "set", Card, "up"], Limit);
        var (file, arguments) = Enter(
            holder, "sh", "-c", $"ip address add {There}/30 dev {Card} && ip link set {Card} up && ip route add default via {Here}");
        await ChildProcess.RunAsync(file, arguments, Limit);
    }
}
