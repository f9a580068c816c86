using System.Runtime.Versioning;
using Hype.Testing.Processes;

namespace Hype.Testing.NetworkNamespaces;

/// <summary>
/// A private network for the processes of a test, created with <c>unshare -rn</c>. Packets cannot leave the machine, and all ports are
/// free. It needs no privileges, because it includes a user namespace. It has <c>lo</c> and one network card with an address and a
/// default route, because browsers gather no ICE candidates on a host without one.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class NetworkNamespace : IAsyncDisposable
{
    /// <summary>The address of the network card.</summary>
    public const string Address = "10.77.0.1";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);

    // A dummy card is the simplest; a kernel without that driver has veth. `cat` holds the namespace, and exits with its stdin,
    // so that a killed test run leaves nothing behind.
    private const string SetUp = $"""
        set -e
        ip link set lo up
        ip link add card0 type dummy 2>/dev/null || ip link add card0 type veth peer name card1
        ip addr add {Address}/24 dev card0
        ip link set card0 up
        if ip link show card1 >/dev/null 2>&1; then ip link set card1 up; fi
        ip route add default via 10.77.0.254
        echo namespace-ready
        exec cat
        """;

    // Inside the spoke's network, as root of the hub's user namespace, so that it can put the other end of its cable into the hub.
    // Without the route of the last line but two, packets would need forwarding by the hub, which depends on the machine's settings.
    private static string SetUpSpoke(int hub, int number) => $"""
        set -e
        ip link set lo up
        ip link add card0 type veth peer name spoke{number} netns {hub}
        nsenter --target {hub} --net -- sh -c 'ip addr add 10.78.{number}.1/24 dev spoke{number} && ip link set spoke{number} up'
        ip addr add {SpokeAddress(number)}/24 dev card0
        ip link set card0 up
        ip route add default via 10.78.{number}.1
        ip route add unreachable 10.78.0.0/16
        echo namespace-ready
        exec cat
        """;

    private readonly ChildProcess _holder;
    private readonly DirectoryInfo _scripts;

    private NetworkNamespace(ChildProcess holder)
    {
        _holder = holder;
        _scripts = Directory.CreateTempSubdirectory("hype-netns-");
    }

    /// <exception cref="InvalidOperationException">The kernel or a missing tool prevents it; the message names the remedy.</exception>
    public static async Task<NetworkNamespace> CreateAsync()
    {
        var holder = ChildProcess.Start("unshare", ["--map-root-user", "--net", "--", "sh", "-c", SetUp]);
        try
        {
            await holder.WaitForLineAsync(line => line == "namespace-ready", StartLimit);
            return new NetworkNamespace(holder);
        }
        catch (InvalidOperationException exception)
        {
            await holder.DisposeAsync();
            throw new InvalidOperationException(
                "No network namespace could be made. It needs unshare (util-linux), ip (iproute2), and a kernel that lets this user "
                + "make user namespaces (sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces > 0).",
                exception);
        }
    }

    /// <summary>Returns the address of the network card of the <paramref name="number"/>-th spoke (1–254).</summary>
    public static string SpokeAddress(int number) => $"10.78.{number}.2";

    /// <summary>
    /// Creates a spoke: a network that reaches only this one, the hub, at <see cref="Address"/>. Two spokes of one hub cannot reach
    /// each other. Dispose a spoke before its hub.
    /// </summary>
    /// <param name="number">The number of the spoke, 1–254; each spoke of a hub has a different one.</param>
    /// <exception cref="InvalidOperationException">The kernel or a missing tool prevents it.</exception>
    public async Task<NetworkNamespace> CreateSpokeAsync(int number)
    {
        var holder = Start("unshare", ["--net", "--", "sh", "-c", SetUpSpoke(_holder.Id, number)]);
        try
        {
            await holder.WaitForLineAsync(line => line == "namespace-ready", StartLimit);
            return new NetworkNamespace(holder);
        }
        catch
        {
            await holder.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns the command that runs <paramref name="file"/> in this namespace, with an unchanged process id.</summary>
    public (string File, IReadOnlyList<string> Arguments) Enter(string file, IEnumerable<string> arguments) =>
        ("nsenter", [.. EnterArguments, file, .. arguments]);

    public ChildProcess Start(
        string file,
        IEnumerable<string> arguments,
        string? workingDirectory = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var (entering, enteringArguments) = Enter(file, arguments);
        return ChildProcess.Start(entering, enteringArguments, workingDirectory, environment);
    }

    /// <summary>Writes a script that runs <paramref name="executable"/> in this namespace, for libraries that need a path.</summary>
    public string ScriptFor(string executable)
    {
        var path = Path.Combine(_scripts.FullName, Path.GetFileName(executable));
        File.WriteAllText(path, $"#!/bin/sh\nexec nsenter {string.Join(' ', EnterArguments)} {executable} \"$@\"\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    /// <summary>Creates a client whose connections are made inside this namespace.</summary>
    public HttpClient CreateHttpClient(Uri baseAddress) => new(CreateHttpHandler())
    {
        BaseAddress = baseAddress,
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>
    /// Creates a handler whose connections are made inside this namespace, for clients other than plain HTTP: gRPC, TLS.
    /// </summary>
    public SocketsHttpHandler CreateHttpHandler() => new()
    {
        UseProxy = false,
        ConnectCallback = (context, _) => ValueTask.FromResult<Stream>(
            PipedConnection.Open(this, context.DnsEndPoint.Host, context.DnsEndPoint.Port)),
    };

    public async ValueTask DisposeAsync()
    {
        await _holder.DisposeAsync();
        _scripts.Delete(recursive: true);
    }

    private IReadOnlyList<string> EnterArguments =>
        ["--target", $"{_holder.Id}", "--user", "--net", "--preserve-credentials", "--"];
}
