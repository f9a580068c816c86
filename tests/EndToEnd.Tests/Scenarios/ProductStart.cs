using Hype.EndToEnd.Tests.Testing;
using Hype.Testing.NetworkNamespaces;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>
/// Proves that the embedded process prints only a few lines before the address to open, and lists the ports in use if it cannot listen.
/// </summary>
[Category("E2E")]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
internal sealed class ProductStart
{
    private const int MaxLines = 15;

    /// <summary>The exit code of a process that cannot listen on its ports, as in docs/operations.md.</summary>
    private const int CannotListen = 2;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private NetworkNamespace _network = null!;
    private GatewayProcess _gateway = null!;

    [OneTimeSetUp]
    public async Task StartProduct()
    {
        _network = await NetworkNamespace.CreateAsync();
        _gateway = await GatewayProcess.StartAsync(_network, new Dictionary<string, string>());
    }

    [OneTimeTearDown]
    public async Task StopProduct()
    {
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        if (_network is not null)
            await _network.DisposeAsync();
    }

    [Test]
    public async Task Start_of_the_gateway_prints_only_a_few_lines_before_the_address_of_the_page()
    {
        await _gateway.WaitForLineAsync(IsReady, Limit);
        var lines = _gateway.Log.Split('\n').TakeWhile(line => !IsReady(line)).ToArray();
        Assert.That(lines, Has.Length.LessThanOrEqualTo(MaxLines), string.Join('\n', lines));
    }

    [Test]
    public async Task Second_gateway_exits_and_lists_the_ports_in_use()
    {
        var data = Directory.CreateTempSubdirectory("hype-e2e-");
        await using var second = _network.Start(
            "dotnet",
            [RepositoryPaths.AssemblyOf("Gateway")],
            Path.Combine(RepositoryPaths.Root, "Gateway"),
            new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["DOTNET_NOLOGO"] = "1",
                ["Hype__Storage__Path"] = Path.Combine(data.FullName, "hype.db"),
            });
        var code = await second.WaitForExitAsync(Limit);
        data.Delete(recursive: true);
        Assert.That(code, Is.EqualTo(CannotListen));
        Assert.That(second.Log.TrimEnd().Split('\n'), Is.EqualTo(new[]
        {
            "The gateway cannot listen; nothing was started:",
            "  Hype:Gateway:Url: http://localhost:8080 is already in use. Stop the other process, or set another port.",
            "  Hype:Gateway:MetricsUrl: http://127.0.0.1:8084 is already in use. Stop the other process, or set another port.",
            "  Hype:Gateway:GrpcUrl: http://127.0.0.1:8081 is already in use. Stop the other process, or set another port.",
        }));
    }

    private static bool IsReady(string line) => line.Contains("Hype is ready", StringComparison.Ordinal);
}
