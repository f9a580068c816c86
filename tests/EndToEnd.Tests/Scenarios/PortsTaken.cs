using Hype.EndToEnd.Tests.Testing;
using Hype.Testing.NetworkNamespaces;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>
/// Proves that a second gateway on the same ports exits and prints each port in use, its setting and the remedy, and nothing else.
/// </summary>
[Category("E2E")]
internal sealed class PortsTaken
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Second_gateway_exits_and_lists_the_ports_in_use()
    {
        await using var network = await NetworkNamespace.CreateAsync();
        await using var first = await GatewayProcess.StartAsync(network, new Dictionary<string, string>());
        var data = Directory.CreateTempSubdirectory("hype-e2e-");
        await using var second = network.Start(
            "dotnet", [RepositoryPaths.AssemblyOf("Gateway")], Path.Combine(RepositoryPaths.Root, "Gateway"), new Dictionary<string,
            string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["DOTNET_NOLOGO"] = "1",
                ["Hype__Storage__Path"] = Path.Combine(data.FullName, "hype.db"),
            });
        var code = await second.WaitForExitAsync(Limit);
        data.Delete(recursive: true);
        Assert.That(code, Is.Not.Zero);
        Assert.That(second.Log.TrimEnd().Split('\n'), Is.EqualTo(new[]
        {
            "The gateway cannot listen; nothing was started:",
            "  Hype:Gateway:Url: http://localhost:8080 is already in use. Stop the other process, or set another port.",
            "  Hype:Gateway:MetricsUrl: http://127.0.0.1:8084 is already in use. Stop the other process, or set another port.",
            "  Hype:Gateway:GrpcUrl: http://127.0.0.1:8081 is already in use. Stop the other process, or set another port.",
        }));
    }
}
