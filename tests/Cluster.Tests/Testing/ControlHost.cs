using System.Text.RegularExpressions;
using Hype.EndToEnd.Tests.Testing;
using Hype.Testing.Processes;

namespace Hype.Cluster.Tests.Testing;

/// <summary>
/// A silo or a gateway on its own host, beside the processes of a cluster. It reaches Redis and PostgreSQL through relays, and the silos
/// at <see cref="LocalCluster.Address"/>.
/// <code>
///   clients, silos, relays to Redis and PostgreSQL ═══ 10.93.0.1 ── 10.93.0.2 ═══ the silo or the gateway
/// </code>
/// </summary>
internal sealed partial class ControlHost : IAsyncDisposable
{
    private const string Card = "hype-host";
    private const string Here = "10.93.0.1";
    private const string There = "10.93.0.2";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly IsolatedHost _host;
    private readonly List<TcpRelay> _relays = [];
    private ChildProcess? _process;

    private ControlHost(IsolatedHost host) => _host = host;

    /// <summary>The URL of a gateway on the host.</summary>
    public static Uri GatewayUrl { get; } = new($"http://{There}:8080");

    /// <summary>The complete output of the process.</summary>
    public string Log => _process?.Log ?? "";

    /// <summary>Starts a host with a silo, and waits until the silo has joined the cluster.</summary>
    public static Task<ControlHost> StartSiloAsync(LocalCluster cluster, string region) => StartAsync(async host =>
    {
        var silo = host.StartProcess(cluster, "Silo", new()
        {
            ["Hype__Storage__PostgreSql"] = host.Relayed(cluster.Variables["HYPE_POSTGRES"], HostAndPort()),
            ["Hype__Silo__Region"] = region,
            ["Hype__Silo__Url"] = "http://127.0.0.1:0",
            ["Hype__Silo__AdvertisedAddress"] = There,
        });
        await silo.WaitForLineAsync(line => line.Contains("has joined cluster", StringComparison.Ordinal), Limit);
    });

    /// <summary>Starts a host with a gateway, and waits until the gateway is ready.</summary>
    public static Task<ControlHost> StartGatewayAsync(LocalCluster cluster, string region) => StartAsync(async host =>
    {
        var gateway = host.StartProcess(cluster, "Gateway", new()
        {
            ["Hype__Gateway__Region"] = region,
            ["Hype__Gateway__Url"] = $"http://{There}:{GatewayUrl.Port}",
            ["Hype__Gateway__GrpcUrl"] = $"http://{There}:8081",
            ["Hype__Gateway__MetricsUrl"] = "",
            ["Hype__Auth__Keys__0__Id"] = cluster.Variables["HYPE_API_KEY_ID"],
            ["Hype__Auth__Keys__0__Secret"] = cluster.Variables["HYPE_API_SECRET"],
        });
        await Waiting.UntilAsync(
            () => cluster.BackOffice.IsReadyAsync(GatewayUrl),
            Limit,
            () => $"the gateway is not ready:\n{gateway.Log}",
            () => gateway.HasExited);
    });

    /// <summary>Takes the host's interface down.</summary>
    /// <returns>The last instant at which the host was certainly reachable.</returns>
    public Task<Moment> VanishAsync() => _host.TakeDownAsync(Card);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            // Without its network it would not stop in an orderly way.
            ProcessSignal.Kill(_process.Id);
            await _process.DisposeAsync();
        }

        foreach (var relay in _relays)
            await relay.DisposeAsync();
        await _host.DisposeAsync();
    }

    private static async Task<ControlHost> StartAsync(Func<ControlHost, Task> startProcessAsync)
    {
        var host = new ControlHost(await IsolatedHost.StartAsync());
        try
        {
            await host._host.ConnectAsync(Card, Here, There);
            await host._host.RouteAsync(LocalCluster.Address, Here);
            await startProcessAsync(host);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    private ChildProcess StartProcess(LocalCluster cluster, string project, Dictionary<string, string> settings)
    {
        var environment = new Dictionary<string, string>(cluster.Settings)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Hype__Cluster__Provider"] = "Redis",
            ["Hype__Cluster__Redis"] = Relayed(cluster.Variables["HYPE_REDIS"], AddressAndPort()),
            ["Hype__NodeRegistry__JoinSecret"] = cluster.Variables["HYPE_JOIN_SECRET"],
        };
        foreach (var (key, value) in settings)
            environment[key] = value;
        return _process = _host.Start(project, environment);
    }

    /// <summary>Starts a relay to a store, and returns the store's connection string with the address of the relay.</summary>
    /// <param name="connection">The connection string.</param>
    /// <param name="place">Matches the address (1) and the port (2) in it.</param>
    private string Relayed(string connection, Regex place)
    {
        var match = place.Match(connection);
        var relay = TcpRelay.Start(Here, new Uri($"tcp://{match.Groups[1].Value}:{match.Groups[2].Value}"));
        _relays.Add(relay);
        var address = new Uri(relay.Url);
        return place.Replace(connection, match.Value.Replace(match.Groups[1].Value, address.Host, StringComparison.Ordinal)
            .Replace(match.Groups[2].Value, $"{address.Port}", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^([\d.]+):(\d+)")]
    private static partial Regex AddressAndPort();

    [GeneratedRegex(@"^Host=([\d.]+);Port=(\d+)")]
    private static partial Regex HostAndPort();
}
