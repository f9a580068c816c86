using Hype.Testing.Processes;

namespace Hype.Contracts.Tests.Metrics;

/// <summary>Tests that each of the three processes, started as operators start it, serves its metrics.</summary>
public sealed class EachProcessTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    [TestCase(typeof(Hype.Gateway.Configuration.GatewayOptions), 3, "hype-gateway")]
    [TestCase(typeof(Hype.Silo.Clustering.SiloOptions), 1, "hype-silo")]
    [TestCase(typeof(Hype.MediaNode.Configuration.MediaNodeOptions), 2, "hype-media-node")]
    public async Task Process_serves_metrics_at_exactly_one_of_the_listen_addresses(Type any, int addresses, string service)
    {
        var folder = Directory.CreateTempSubdirectory("hype-metrics-");
        try
        {
            await using var process = ChildProcess.Start("dotnet", [any.Assembly.Location], folder.FullName, new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information",
                ["Hype__Gateway__Url"] = "http://127.0.0.1:0",
                ["Hype__Gateway__MetricsUrl"] = "http://127.0.0.1:0",
                ["Hype__Gateway__GrpcUrl"] = "http://127.0.0.1:0",
                ["Hype__Silo__Url"] = "http://127.0.0.1:0",
                ["Hype__MediaNode__ControlUrl"] = "http://127.0.0.1:0",
                ["Hype__MediaNode__MetricsUrl"] = "http://127.0.0.1:0",
                ["Hype__MediaNode__Gateways__0"] = "http://127.0.0.1:1",
                ["Hype__MediaNode__JoinSecret"] = "for the length of a test",
                ["Hype__Storage__Path"] = Path.Combine(folder.FullName, "hype.db"),
            });
            var listens = 0;
            await process.WaitForLineAsync(
                line => line.Contains("Now listening on: ", StringComparison.Ordinal) && ++listens == addresses, Limit);

            var found = new List<string>();
            foreach (var address in process.Log.Split('\n').Where(line => line.Contains("Now listening on: ", StringComparison.Ordinal))
                .Select(line => new Uri(line.Split("on: ")[1].Trim())))
                found.AddRange(await ServicesAsync(address));
            Assert.That(found, Is.EqualTo(new[] { service }), process.Log);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>
    /// Returns the names of the services whose metrics an address serves; addresses for gRPC and for clients serve none.
    /// </summary>
    private static async Task<IEnumerable<string>> ServicesAsync(Uri address)
    {
        try
        {
            return (await Scrape.OfAsync(address)).Series.Where(series => series.StartsWith("target_info", StringComparison.Ordinal))
                .Select(series => series.Split("service_name=\"")[1].Split('"')[0]);
        }
        catch (HttpRequestException)
        {
            return [];
        }
    }
}
