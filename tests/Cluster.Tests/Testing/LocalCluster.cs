using System.Globalization;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Hype.EndToEnd.Tests.Testing;
using Hype.LoadTest.Options;
using Hype.LoadTest.Signaling;
using Hype.LoadTest.Targets;
using Hype.Testing.NetworkNamespaces;
using Hype.Testing.Processes;

namespace Hype.Cluster.Tests.Testing;

/// <summary>
/// A whole cluster on this machine: Redis, PostgreSQL, silos, gateways and media nodes as processes with their own data folder. The script
/// <c>deploy/local/cluster</c> starts and stops them.
/// </summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    // Eight processes compile their code at the same time on two cores.
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    // Longer than the deadline of a drain, which is the slowest way to stop.
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan CompleteLimit = TimeSpan.FromSeconds(90);

    private readonly DirectoryInfo _data;

    private LocalCluster(DirectoryInfo data, IReadOnlyDictionary<string, string> settings)
    {
        (_data, Settings) = (data, settings);
        BackOffice = new BackOffice(this);
    }

    /// <summary>
    /// An address of this machine other than loopback, if it has one, since browsers gather no loopback candidates. The media nodes
    /// announce it, and hosts with a network of their own reach this network at it.
    /// </summary>
    public static string Address { get; } =
        NetworkInterface.GetAllNetworkInterfaces()
            .Where(card => card.OperationalStatus == OperationalStatus.Up && card.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(card => card.GetIPProperties().UnicastAddresses)
            .FirstOrDefault(address => address.Address.AddressFamily == AddressFamily.InterNetwork)
            ?.Address.ToString() ?? "127.0.0.1";

    /// <summary>The environment variables of all processes beside those of <c>deploy/local/cluster</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; }

    public BackOffice BackOffice { get; }

    /// <summary>The variables that <c>deploy/local/cluster env</c> prints: the cluster's secrets and addresses.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; private set; } = new Dictionary<string, string>();

    /// <summary>The path of a Prometheus configuration that scrapes this cluster.</summary>
    public string PrometheusConfiguration => Path.Combine(_data.FullName, "prometheus.yml");

    /// <summary>A signer of tokens that this cluster's gateways accept.</summary>
    public TokenSigner Tokens => new(Key.Id, Key.Secret);

    public IReadOnlyList<ClusterEndpoint> Endpoints { get; private set; } = [];

    public IEnumerable<ClusterEndpoint> Gateways =>
        Endpoints.Where(endpoint => endpoint.Name.StartsWith("gateway-", StringComparison.Ordinal));

    /// <summary>The cluster's silos, in the order of the file <c>endpoints</c>.</summary>
    public IEnumerable<ClusterEndpoint> Silos => Endpoints.Where(endpoint => endpoint.Name.StartsWith("silo-", StringComparison.Ordinal));

    public IEnumerable<ClusterEndpoint> Nodes => Endpoints.Where(endpoint => endpoint.Name.StartsWith("node-", StringComparison.Ordinal));

    /// <summary>Starts a cluster, and waits until it is complete.</summary>
    /// <param name="settings">Environment variables for all processes, such as <c>Hype__Channels__PortableTransports</c>.</param>
    public static async Task<LocalCluster> StartAsync(IReadOnlyDictionary<string, string>? settings = null)
    {
        var environment = new Dictionary<string, string>
        {
            // The logs provide the times of events, including the calls to media nodes.
            ["Logging__LogLevel__Microsoft.AspNetCore"] = "Warning",
            ["Logging__LogLevel__Microsoft.AspNetCore.Hosting.Diagnostics"] = "Information",
            ["Logging__Console__FormatterName"] = "simple",
            ["Logging__Console__FormatterOptions__SingleLine"] = "true",
            ["Logging__Console__FormatterOptions__UseUtcTimestamp"] = "true",
            ["Logging__Console__FormatterOptions__TimestampFormat"] = ClusterLog.TimestampFormat,
        };
        // In the network of tests/run, from which no packet leaves, silos are reachable for hosts with a network of their own.
        if (Address == NetworkNamespace.Address)
            environment["Hype__Silo__AdvertisedAddress"] = Address;
        foreach (var (key, value) in settings ?? new Dictionary<string, string>())
            environment[key] = value;
        var cluster = new LocalCluster(Directory.CreateTempSubdirectory("hype-cluster-"), environment);
        try
        {
            File.WriteAllLines(
                Path.Combine(cluster._data.FullName, "extra.env"), environment.Select(variable => $"{variable.Key}={variable.Value}"));
            // If this user is root, PostgreSQL runs as another user, which needs access to its own folder.
            File.SetUnixFileMode(
                cluster._data.FullName,
                    UnixFileMode.UserRead
                        | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
            await cluster.ScriptAsync(StartLimit, "start", "--announce", Address);
            cluster.Variables = ReadVariables(await cluster.ScriptAsync(StopLimit, "env"));
            cluster.Endpoints = [.. File.ReadLines(Path.Combine(cluster._data.FullName, "endpoints"))
                .Where(line => line.Length > 0 && line[0] != '#').Select(ClusterEndpoint.Parse)];
            await cluster.EnsureCompleteAsync();
            return cluster;
        }
        catch (Exception exception)
        {
            var logs = cluster.KeepLogs("start");
            await cluster.DisposeAsync();
            throw new InvalidOperationException($"The cluster did not start; its logs are in {logs}. {exception.Message}", exception);
        }
    }

    public Task StartAsync(string name) => ScriptAsync(StartLimit, "start", name);

    /// <summary>Stops a process with SIGTERM, and waits until it has exited.</summary>
    /// <returns>False if the process did not exit in time and was killed.</returns>
    public async Task<bool> StopAsync(string name) =>
        !(await ScriptAsync(StopLimit, "stop", name)).Contains("killed", StringComparison.Ordinal);

    public Task RestartAsync(string name) => ScriptAsync(StartLimit, "restart", name);

    /// <summary>
    /// Sends SIGKILL to a process directly, because the script would take longer to start than the times that a test measures.
    /// </summary>
    /// <returns>The last instant at which the process certainly ran.</returns>
    public Moment Kill(string name)
    {
        var pid = ProcessId(name);
        var now = Moment.Now;
        ProcessSignal.Kill(pid);
        return now;
    }

    /// <summary>Stops a process with SIGSTOP: its sockets stay open, and it answers nothing until <see cref="Continue"/>.</summary>
    /// <returns>The last instant at which the process certainly ran.</returns>
    public Moment Pause(string name)
    {
        var now = Moment.Now;
        ProcessSignal.Pause(ProcessId(name));
        return now;
    }

    public void Continue(string name) => ProcessSignal.Continue(ProcessId(name));

    /// <summary>Empties the Redis of the cluster, as if it was restored without its data.</summary>
    public Task EmptyRedisAsync()
    {
        // host:port,password=…
        var connection = Variables["HYPE_REDIS"].Split(',', ':', '=');
        return ChildProcess.RunAsync(
            "env", [$"REDISCLI_AUTH={connection[3]}", "redis-cli", "-h", connection[0], "-p", connection[1], "FLUSHALL"], StopLimit,
            RepositoryPaths.Root);
    }

    public int ProcessId(string name) => int.Parse(File.ReadAllText(PidFile(name)).Trim(), CultureInfo.InvariantCulture);

    public bool IsRunning(string name) => File.Exists(PidFile(name)) && IsAlive(ProcessId(name));

    public ClusterLog Log(string name) => new(Path.Combine(_data.FullName, "logs", $"{name}.log"));

    /// <summary>
    /// Starts all processes that do not run, and waits until the cluster is complete: every gateway is ready, and every media node has a
    /// valid lease.
    /// </summary>
    public async Task EnsureCompleteAsync()
    {
        foreach (var endpoint in Endpoints)
        {
            if (!IsRunning(endpoint.Name))
                await StartAsync(endpoint.Name);
        }

        await Waiting.UntilAsync(IsCompleteAsync, CompleteLimit, () => $"the cluster is not complete: {Describe()}");
    }

    /// <summary>
    /// Creates the load tool's target through which participants join at the cluster's gateways; a participant's number selects its
    /// gateway.
    /// </summary>
    /// <param name="region">The region that the participants ask for; null: the region of their gateway.</param>
    /// <param name="controlOnly">True for participants without media.</param>
    /// <param name="gateways">The gateways; null: those of <see cref="Gateways"/>.</param>
    public IVoiceTarget NewTarget(string? region = null, bool controlOnly = false, IReadOnlyList<Uri>? gateways = null)
    {
        gateways ??= [.. Gateways.Select(gateway => gateway.Url!)];
        var command = new LoadCommand();
        return new HypeTarget(command.Read(
            command.Parse()) with
        { Url = gateways[0], Gateways = gateways, Key = Key, Region = region, ControlOnly = controlOnly });
    }

    /// <summary>Copies the logs of all processes to the results folder of the run.</summary>
    /// <returns>The path of the copies' folder.</returns>
    public string KeepLogs(string name)
    {
        var folder = RepositoryPaths.Artifacts(Path.Combine("logs", "cluster", name));
        var logs = new DirectoryInfo(Path.Combine(_data.FullName, "logs"));
        if (logs.Exists)
        {
            foreach (var log in logs.EnumerateFiles())
                log.CopyTo(Path.Combine(folder, log.Name), overwrite: true);
        }

        return folder;
    }

    public async ValueTask DisposeAsync()
    {
        BackOffice.Dispose();
        await ScriptAsync(StopLimit, "stop");
        _data.Delete(recursive: true);
    }

    private async Task<bool> IsCompleteAsync()
    {
        foreach (var gateway in Gateways)
        {
            if (!await BackOffice.IsReadyAsync(gateway.Url!))
                return false;
        }

        try
        {
            var fresh = DateTimeOffset.UtcNow.AddSeconds(-2);
            var nodes = (await BackOffice.NodesAsync()).Where(node => node.LastHeartbeat > fresh).Select(node => node.Node).ToHashSet();
            return Nodes.All(node => nodes.Contains(node.Name));
        }
        catch (HttpRequestException)
        {
            return false; // not yet
        }
    }

    private string Describe() =>
        string.Join(", ", Endpoints.Select(endpoint => $"{endpoint.Name} {(IsRunning(endpoint.Name) ? "runs" : "does not run")}"));

    private Task<string> ScriptAsync(TimeSpan limit, params string[] words) => ChildProcess.RunAsync(
        Path.Combine(RepositoryPaths.Root, "deploy", "local", "cluster"), [.. words, "--data", _data.FullName], limit,
            RepositoryPaths.Root);

    private string PidFile(string name) => Path.Combine(_data.FullName, "run", $"{name}.pid");

    private ApiKey Key => new(Variables["HYPE_API_KEY_ID"], Variables["HYPE_API_SECRET"]);

    // A killed process that its parent has not reaped (Z, proc(5)) does not count as running.
    private static bool IsAlive(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Reads variables from lines <c>export NAME=VALUE</c>, whose values are quoted for a shell with backslashes.</summary>
    private static Dictionary<string, string> ReadVariables(string lines) =>
        lines.Split('\n').Select(line => line.Replace("export ", "", StringComparison.Ordinal).Split('=', 2))
            .Where(line => line.Length == 2)
            .ToDictionary(line => line[0], line => line[1].Replace("\\", "", StringComparison.Ordinal));
}
