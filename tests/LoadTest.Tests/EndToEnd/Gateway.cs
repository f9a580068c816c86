using System.Net;
using System.Net.Sockets;
using Hype.Testing.Processes;

namespace Hype.LoadTest.Tests.EndToEnd;

/// <summary>Runs a gateway in the environment Development in a separate process, with free ports and a temporary data folder.</summary>
internal sealed class Gateway : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;
    private readonly DirectoryInfo _data;

    private Gateway(ChildProcess process, DirectoryInfo data, Uri url) => (_process, _data, Url) = (process, data, url);

    public Uri Url { get; }

    public int ProcessId => _process.Id;

    public static async Task<Gateway> StartAsync()
    {
        var data = Directory.CreateTempSubdirectory("hype-load-");
        var url = $"http://127.0.0.1:{FreePort()}";
        var process = ChildProcess.Start("dotnet", [Assembly], Path.Combine(Root, "Gateway"), new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Hype__Gateway__Url"] = url,
            ["Hype__Gateway__MetricsUrl"] = "",
            ["Hype__Gateway__GrpcUrl"] = $"http://127.0.0.1:{FreePort()}",
            ["Hype__Storage__Path"] = Path.Combine(data.FullName, "hype.db"),
        });
        var gateway = new Gateway(process, data, new Uri(url));
        try
        {
            await process.WaitForLineAsync(line => line.Contains("Registered at", StringComparison.Ordinal), StartLimit);
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _data.Delete(recursive: true);
    }

    /// <summary>
    /// The path of the gateway's program, built in the same configuration as these tests: …/Gateway/bin/Debug/net10.0/Hype.Gateway.dll.
    /// </summary>
    private static string Assembly
    {
        get
        {
            var target = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(Root, "Gateway", "bin", target.Parent!.Name, target.Name, "Hype.Gateway.dll");
        }
    }

    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "Hype.Orleans.sln")))
                folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository.");
            return folder.FullName;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
