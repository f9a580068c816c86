using Hype.Testing.NetworkNamespaces;
using Hype.Testing.Processes;

namespace Hype.EndToEnd.Tests.Testing;

/// <summary>
/// The whole product in one gateway process with embedded silo and media node, in its own network namespace and with its own data folder.
/// </summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    /// <summary>The gateway's default URL; in a network namespace of its own, the port is always free.</summary>
    public static readonly Uri Url = new("http://127.0.0.1:8080");

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(15);

    private readonly ChildProcess _process;
    private readonly DirectoryInfo _data;

    private GatewayProcess(ChildProcess process, DirectoryInfo data, HttpClient http)
    {
        _process = process;
        _data = data;
        Api = new GatewayApi(http);
    }

    public GatewayApi Api { get; }

    public string Log => _process.Log;

    /// <summary>Starts a gateway, and waits until it is ready.</summary>
    /// <param name="network">The network namespace in which the gateway listens.</param>
    /// <param name="settings">The configuration as environment variables, such as <c>Hype__Channels__ReturnDelay</c>.</param>
    /// <exception cref="InvalidOperationException">The gateway was not ready in time; the message contains its output.</exception>
    public static async Task<GatewayProcess> StartAsync(NetworkNamespace network, IReadOnlyDictionary<string, string> settings)
    {
        var data = Directory.CreateTempSubdirectory("hype-e2e-");
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["DOTNET_NOLOGO"] = "1",
            ["Hype__Gateway__Url"] = Url.ToString().TrimEnd('/'),
            ["Hype__Storage__Path"] = Path.Combine(data.FullName, "hype.db"),
        };
        foreach (var (key, value) in settings)
            environment[key] = value;

        var assembly = RepositoryPaths.GatewayAssembly;
        var process = network.Start("dotnet", [assembly], Path.Combine(RepositoryPaths.Root, "Gateway"), environment);
        var gateway = new GatewayProcess(process, data, network.CreateHttpClient(Url));
        try
        {
            await Waiting.UntilAsync(
                gateway.Api.IsReadyAsync,
                StartLimit,
                () => $"The gateway was not ready.{Environment.NewLine}{process.Log}",
                () => process.HasExited);
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns the resident memory of the process, in MiB.</summary>
    public double ResidentMebibytes() => ProcessMemory.ResidentMebibytes(_process.Id);

    /// <inheritdoc cref="ChildProcess.WaitForLineAsync"/>
    public Task<string> WaitForLineAsync(Predicate<string> wanted, TimeSpan limit) => _process.WaitForLineAsync(wanted, limit);

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        var orderly = await _process.StopAsync(StopLimit);
        await _process.DisposeAsync();
        _data.Delete(recursive: true);
        Assert.That(orderly, Is.True, $"the gateway stops within {StopLimit.TotalSeconds} s of SIGTERM");
    }
}
