using Hype.Clustering;
using Hype.Gateway.Auth;
using Hype.Gateway.Hosting;
using Hype.Gateway.NodeRegistry;
using Hype.Gateway.Tests.Testing;
using Hype.Hosting.Starting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Hype.Gateway.Tests.Hosting;

public sealed class ConfigurationTests
{
    [Test]
    public async Task Invalid_configuration_lists_every_error_and_stops_the_start()
    {
        var (code, errors) = await RunAsync(
            "Production",
            ("Hype:Gateway:Url", "ftp://example.org"),
            ("Hype:Gateway:IceServers:0:Urls:0", "http://not-ice"),
            ("Hype:Cluster:Provider", "Carrier pigeons"),
            ("Hype:Signaling:SendQueue", "many"),
            ("Hype:Signaling:NoSuchKey", "1"),
            ("Hype:Auth:Keys:0:Secret", "short"),
            ("Hype:Auth:GuestTokenLifetime", "00:00:01"),
            ("Hype:NodeRegistry:JoinSecret", "short"));

        Assert.That(code, Is.EqualTo(ExitCode.InvalidConfiguration));
        foreach (var key in new[]
        {
            "Gateway:Url",
            "Gateway:IceServers:0:Urls",
            "Cluster:Provider",
            "Signaling",
            "Auth:Keys:0:Secret",
            "Auth:GuestTokenLifetime",
            "NodeRegistry:JoinSecret",
        })
            Assert.That(errors, Does.Contain($"Hype:{key}"));
        Assert.That(errors, Does.Not.Contain("   at "), "no stack trace");
    }

    [Test]
    public async Task Default_secrets_are_refused_outside_development()
    {
        var (code, errors) = await RunAsync(
            "Production",
            ("Hype:Auth:Keys:0:Secret", AuthOptions.DevelopmentSecret),
            ("Hype:NodeRegistry:JoinSecret", NodeRegistryOptions.DevelopmentSecret));
        Assert.That(code, Is.EqualTo(ExitCode.InvalidConfiguration));
        Assert.That(errors.Split('\n').Count(line => line.Contains("is the public default", StringComparison.Ordinal)), Is.EqualTo(2));
    }

    [Test]
    public async Task Default_secrets_are_accepted_in_development()
    {
        await using var gateway = await GatewayHost.StartAsync(
            "Development",
            ("Hype:Auth:Keys:0:Secret", AuthOptions.DevelopmentSecret),
            ("Hype:NodeRegistry:JoinSecret", NodeRegistryOptions.DevelopmentSecret));
        Assert.That(gateway.Url.Port, Is.GreaterThan(0));
    }

    [Test]
    public async Task Configuration_without_an_API_key_stops_the_start()
    {
        var (code, errors) = await RunAsync("Development", ("Hype:Auth:Keys:0:Id", ""), ("Hype:Auth:Keys:0:Secret", ""));
        Assert.That(code, Is.EqualTo(ExitCode.InvalidConfiguration));
        Assert.That(errors, Does.Contain("Hype:Auth:Keys:0:Secret"));
    }

    /// <summary>Tests a gateway with a client of a cluster, because Orleans reads the files when the client is created.</summary>
    [Test]
    public async Task Missing_certificate_of_the_cluster_is_reported_and_stops_the_start()
    {
        var (code, errors) = await RunAsync(
            "Development",
            builder => builder.AddHypeClusterClient(GatewayHosting.OwnRegion, GatewayHosting.RequestAllSnapshots),
            ("Hype:Cluster:Provider", ClusterOptions.RedisProvider),
            ("Hype:Cluster:Redis", "localhost:1"),
            ("Hype:ClusterTls:Certificate", "/missing/tls.crt"),
            ("Hype:ClusterTls:Key", "/missing/tls.key"),
            ("Hype:ClusterTls:Authority", "/missing/ca.crt"));
        Assert.That(code, Is.EqualTo(ExitCode.InvalidConfiguration), errors);
        Assert.That(errors, Does.Contain("Hype:ClusterTls:Certificate"));
        Assert.That(errors, Does.Not.Contain("   at "), "no stack trace");
    }

    [Test]
    public async Task Each_port_in_use_is_reported_and_stops_the_start()
    {
        await using var first = await GatewayHost.StartAsync();
        var (url, grpc) = (first.Url.GetLeftPart(UriPartial.Authority), first.GrpcUrl.GetLeftPart(UriPartial.Authority));
        var (code, errors) = await RunAsync("Development", ("Hype:Gateway:Url", url), ("Hype:Gateway:GrpcUrl", grpc));
        Assert.That(code, Is.EqualTo(ExitCode.CannotListen));
        Assert.That(errors.TrimEnd().Split(Environment.NewLine), Is.EqualTo(new[]
        {
            "The gateway cannot listen; nothing was started:",
            $"  Hype:Gateway:Url: {url} is already in use. Stop the other process, or set another port.",
            $"  Hype:Gateway:GrpcUrl: {grpc} is already in use. Stop the other process, or set another port.",
        }));
    }

    [TestCase("http://localhost:8080", true)]
    [TestCase("http://127.0.0.1:0", true)]
    [TestCase("http://[::1]:80/", true)]
    [TestCase("http://*:80", true)]
    [TestCase("http://localhost", false)]
    [TestCase("https://localhost:443", false)]
    [TestCase("http://example.org:80", false)]
    [TestCase("http://localhost:80/path", false)]
    [TestCase("http://localhost:65536", false)]
    public void Listening_address_is_valid_only_with_localhost_an_IP_address_or_an_asterisk(string url, bool valid) =>
        Assert.That(ListenAddress.Is(url), Is.EqualTo(valid));

    private static Task<(int Code, string Errors)> RunAsync(string environment, params (string Key, string Value)[] settings) =>
        RunAsync(environment, builder => builder.Services.AddSingleton<IGrainFactory>(new FakeCluster()), settings);

    private static async Task<(int Code, string Errors)> RunAsync(
        string environment, Action<WebApplicationBuilder> addCluster, params (string Key, string Value)[] settings)
    {
        var builder = GatewayHost.Configured(environment, settings);
        builder.AddHypeGateway();
        addCluster(builder);
        builder.Services.AddSingleton<IHostedService, MustNotStart>();
        await using var app = builder.Build();
        app.MapHypeGateway();
        using var errors = new StringWriter();
        return (await app.RunOrExplainAsync(errors), errors.ToString());
    }

    private sealed class MustNotStart : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new AssertionException("It was started.");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
