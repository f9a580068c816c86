using System.Net.Http.Headers;
using Hype.Gateway.Cluster;
using Hype.Gateway.Hosting;
using Hype.Gateway.Signaling;
using Hype.Gateway.Signaling.Replica;
using Hype.Grains.Abstractions.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Hype.Gateway.Tests.Testing;

/// <summary>
/// A whole gateway with real sockets on free loopback ports. Its grains are those of <see cref="FakeCluster"/>, and only the test
/// advances its clock.
/// </summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    public const string ApiKey = "test";
    public const string Secret = "a-secret-of-the-tests-with-more-than-32-bytes";
    public const string JoinSecret = "a-join-secret-of-the-tests";

    private readonly WebApplication _app;

    private GatewayHost(WebApplication app, FakeCluster cluster, FakeTimeProvider time) => (_app, Cluster, Time) = (app, cluster, time);

    public FakeCluster Cluster { get; }

    public FakeTimeProvider Time { get; }

    public Uri Url => new(_app.Urls.First());

    public Uri MetricsUrl => new(_app.Urls.ElementAt(1));

    public Uri GrpcUrl => new(_app.Urls.Last());

    /// <summary>The address with TLS (<c>Hype:Tls:Url</c>).</summary>
    public Uri TlsUrl => new(_app.Urls.ElementAt(2));

    public IEnumerable<string> Urls => _app.Urls;

    public IServiceProvider Services => _app.Services;

    /// <summary>The gateway's reference, as grains receive it.</summary>
    public GatewayRef Reference => _app.Services.GetRequiredService<GrainAccess>().Gateway;

    public SessionRegistry Registry => _app.Services.GetRequiredService<SessionRegistry>();

    public IEnumerable<RouteEndpoint> Routes => _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    public SignalingOptions Options { get; } = new();

    public static Task<GatewayHost> StartAsync(string environment = "Development", params (string Key, string Value)[] settings) =>
        StartAsync(new FakeCluster(), environment, settings);

    public static async Task<GatewayHost> StartAsync(
        FakeCluster cluster, string environment = "Development", params (string Key, string Value)[] settings)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        var builder = Configured(environment, settings);
        builder.Services.AddSingleton<IGrainFactory>(cluster);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.AddHypeGateway();
        var app = builder.Build();
        app.MapHypeGateway();
        await app.StartAsync();
        return new GatewayHost(app, cluster, time);
    }

    public static WebApplicationBuilder Configured(string environment, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Hype:Gateway:Url"] = "http://127.0.0.1:0",
            ["Hype:Gateway:MetricsUrl"] = "http://127.0.0.1:0",
            ["Hype:Gateway:GrpcUrl"] = "http://127.0.0.1:0",
            ["Hype:Auth:Keys:0:Id"] = ApiKey,
            ["Hype:Auth:Keys:0:Secret"] = Secret,
            ["Hype:NodeRegistry:JoinSecret"] = JoinSecret,
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore();
        return builder;
    }

    public string Token(string identity, string channels = "*", params string[] grants) =>
        Tokens.Mint(identity, channels, Time.GetUtcNow().AddHours(1), grants.Length > 0 ? grants : ["join", "speak", "listen"]);

    public Task<VoiceClient> ConnectAsync() => VoiceClient.ConnectAsync(Url);

    /// <summary>Connects a client and joins the channel <c>lobby</c>.</summary>
    public async Task<VoiceClient> JoinAsync(string identity)
    {
        var client = await ConnectAsync();
        await client.SendAsync($$"""{"type":"join","channel":"lobby","token":"{{Token(identity)}}"}""");
        client.Welcome = await client.ExpectAsync("welcome");
        return client;
    }

    public HttpClient Http(string? token = null)
    {
        var http = new HttpClient { BaseAddress = Url };
        if (token is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
