using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Hype.Cluster.Tests.Testing;
using Hype.EndToEnd.Tests.Testing;
using Hype.Testing.Processes;

namespace Hype.Cluster.Tests.Monitoring;

/// <summary>Runs Debian's Prometheus for a cluster, with the configuration and the rules of deploy/prometheus.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    public static readonly string Folder = Path.Combine(RepositoryPaths.Root, "deploy", "prometheus");

    // Covers the start of the program only; data follows with the first scrapes.
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _data;
    private readonly ChildProcess _process;
    private readonly HttpClient _http;

    private PrometheusServer(DirectoryInfo data, ChildProcess process, Uri url)
    {
        (_data, _process) = (data, process);
        _http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromSeconds(15) };
    }

    public static async Task<PrometheusServer> StartAsync(LocalCluster cluster)
    {
        var data = Directory.CreateTempSubdirectory("hype-prometheus-");
        var port = FreePort();
        var server = new PrometheusServer(
            data,
            ChildProcess.Start("prometheus", [$"--config.file={cluster.PrometheusConfiguration}",
                $"--storage.tsdb.path={data.FullName}/data", $"--web.listen-address=127.0.0.1:{port}", "--log.level=warn"]),
            new Uri($"http://127.0.0.1:{port}"));
        try
        {
            await Waiting.UntilAsync(
                server.IsReadyAsync, StartLimit, () => $"Prometheus is not ready: {server._process.Log}", () => server._process.HasExited);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs an instant query and returns its values without NaN, which is the value of a quantile without samples.</summary>
    /// <exception cref="InvalidOperationException">Prometheus rejected the expression.</exception>
    public async Task<IReadOnlyList<double>> QueryAsync(string expression)
    {
        using var form = new FormUrlEncodedContent([new("query", expression)]);
        using var answer = await _http.PostAsync("/api/v1/query", form);
        var body = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{expression}: {body["error"]}");
        return
        [
            .. body["data"]!["result"]!.AsArray()
                .Select(series => double.Parse(series!["value"]![1]!.GetValue<string>(), CultureInfo.InvariantCulture))
                .Where(value => !double.IsNaN(value)),
        ];
    }

    /// <summary>
    /// Returns the name of every rule, the state of its last evaluation (<c>ok</c> or <c>err</c>), and the error of that evaluation.
    /// </summary>
    public async Task<IReadOnlyList<(string Name, string Health, string? Error)>> RulesAsync()
    {
        var body = (await _http.GetFromJsonAsync<JsonNode>("/api/v1/rules"))!;
        return
        [
            .. from file in body["data"]!["groups"]!.AsArray()
               from rule in file!["rules"]!.AsArray()
               select (rule!["name"]!.GetValue<string>(), rule["health"]!.GetValue<string>(), rule["lastError"]?.GetValue<string>()),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
        _data.Delete(recursive: true);
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await _http.GetAsync("/-/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // not yet
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
