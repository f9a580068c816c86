using Hype.Testing.NetworkNamespaces;
using Hype.Testing.Processes;

namespace Hype.EndToEnd.Tests.Testing;

/// <summary>
/// Runs Debian's coturn as an operator would: with credentials of limited lifetime, derived from a secret that it shares with the
/// gateways.
/// </summary>
internal sealed class TurnServer : IAsyncDisposable
{
    public const string Url = $"turn:{NetworkNamespace.Address}:3478?transport=udp";
    public const string Secret = "shared-by-coturn-and-gateways";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly ChildProcess _process;
    private readonly DirectoryInfo _data;

    private TurnServer(ChildProcess process, DirectoryInfo data) => (_process, _data) = (process, data);

    public string Log => _process.Log;

    public static Task<TurnServer> StartAsync(NetworkNamespace network) => StartAsync(network, rules: "", NetworkNamespace.Address);

    /// <summary>Starts coturn with further lines of its configuration file, and one relay address of each family.</summary>
    public static async Task<TurnServer> StartAsync(NetworkNamespace network, string rules, params string[] relayAddresses)
    {
        var data = Directory.CreateTempSubdirectory("hype-turn-");
        var configuration = Path.Combine(data.FullName, "turnserver.conf");
        await File.WriteAllTextAsync(configuration, rules);
        var process = network.Start("turnserver",
        [
            "-c", configuration, "--use-auth-secret", $"--static-auth-secret={Secret}", "--realm=hype.test",
            $"--listening-ip={NetworkNamespace.Address}", "--listening-port=3478",
            .. relayAddresses.Select(address => $"--relay-ip={address}"),
            "--no-tls", "--no-dtls", "--no-cli", "--no-multicast-peers", "--verbose", "--log-file=stdout",
            $"--pidfile={Path.Combine(data.FullName, "pid")}", $"--userdb={Path.Combine(data.FullName, "db")}",
        ]);
        var server = new TurnServer(process, data);
        try
        {
            await process.WaitForLineAsync(line => line.Contains("listener opened on", StringComparison.Ordinal), StartLimit);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.StopAsync(StopLimit);
        await _process.DisposeAsync();
        _data.Delete(recursive: true);
    }
}
