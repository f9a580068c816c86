using Hype.EndToEnd.Tests.Testing;
using Hype.Testing.Processes;

namespace Hype.Cluster.Tests.Testing;

/// <summary>
/// A host of its own: a network namespace whose processes reach those of the test only through network interfaces. When a test takes an
/// interface down, the other side gets no FIN, no RST and no ICMP message, as with a broken cable or a power failure. To create
/// interfaces, the tests need CAP_NET_ADMIN: <c>tests/run</c> runs them in a separate network namespace, where they have it.
/// </summary>
internal sealed class IsolatedHost : IAsyncDisposable
{
    // `cat` holds the namespace, and exits with its stdin: a killed test run leaves nothing behind.
    private const string Hold = "ip link set lo up && echo ready && exec cat";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ChildProcess _holder;
    private readonly List<string> _cards = [];

    private IsolatedHost(ChildProcess holder) => _holder = holder;

    public static async Task<IsolatedHost> StartAsync()
    {
        var holder = ChildProcess.Start("unshare", ["--net", "--", "sh", "-c", Hold]);
        try
        {
            await holder.WaitForLineAsync(line => line == "ready", Limit);
            return new IsolatedHost(holder);
        }
        catch
        {
            await holder.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates a pair of connected interfaces of the same name: one in the test's network, and one in the host's.</summary>
    /// <param name="card">The name of both interfaces.</param>
    /// <param name="here">The address in the test's network.</param>
    /// <param name="there">The address of the host.</param>
    public async Task ConnectAsync(string card, string here, string there)
    {
        await ChildProcess.RunAsync(
            "ip", ["link", "add", "name", card, "type", "veth", "peer", "name", card, "netns", $"{_holder.Id}"], Limit);
        _cards.Add(card);
        await ChildProcess.RunAsync("ip", ["address", "add", $"{here}/30", "dev", card], Limit);
        await ChildProcess.RunAsync("ip", ["link", "set", card, "up"], Limit);
        await InsideAsync($"ip address add {there}/30 dev {card} && ip link set {card} up");
    }

    /// <summary>
    /// Sends the packets for an address over an address of the test's network. The host has no default route, so that a look-up of a name
    /// fails at once: Npgsql looks for a Kerberos realm before it connects, and would wait for an unreachable name server.
    /// </summary>
    public Task RouteAsync(string address, string here) => InsideAsync($"ip route add {address} via {here}");

    /// <summary>Starts a process of this repository on the host.</summary>
    /// <param name="project">The project of the process: <c>Gateway</c>, <c>Silo</c> or <c>MediaNode</c>.</param>
    /// <param name="environment">Its environment variables.</param>
    public ChildProcess Start(string project, IReadOnlyDictionary<string, string> environment) =>
        ChildProcess.Start("nsenter", [.. Enter, "dotnet", RepositoryPaths.AssemblyOf(project)], environment: environment);

    /// <summary>Takes interfaces down.</summary>
    /// <returns>The last instant at which the host was certainly reachable.</returns>
    public async Task<Moment> TakeDownAsync(params string[] cards)
    {
        var last = Moment.Now;
        await InsideAsync(string.Join(" && ", cards.Select(card => $"ip link set {card} down")));
        return last;
    }

    public Task TakeUpAsync(string card) => InsideAsync($"ip link set {card} up");

    /// <summary>Removes the host; its processes must have exited.</summary>
    public async ValueTask DisposeAsync()
    {
        // Removes both ends: the kernel would take a while to free a namespace whose last process has exited.
        foreach (var card in _cards)
            await ChildProcess.RunAsync("ip", ["link", "delete", card], Limit);
        await _holder.DisposeAsync();
    }

    private string[] Enter => ["--target", $"{_holder.Id}", "--net", "--"];

    private Task InsideAsync(string commands) => ChildProcess.RunAsync("nsenter", [.. Enter, "sh", "-c", commands], Limit);
}
