using Hype.Gateway.Hosting;
using Hype.MediaNode.Hosting;
using Hype.Silo.Hosting;
using Microsoft.AspNetCore.Builder;

namespace Hype.Gateway.Tests.Testing;

/// <summary>The whole product in one process, as <c>dotnet run</c> starts it, on free ports and with its own database.</summary>
internal sealed class EmbeddedHost : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;

    private EmbeddedHost(WebApplication app, DirectoryInfo folder) => (App, _folder) = (app, folder);

    public WebApplication App { get; }

    public Uri Url => new(App.Urls.First());

    public Uri MetricsUrl => new(App.Urls.ElementAt(1));

    public static Task<EmbeddedHost> StartAsync(params (string Key, string Value)[] settings) => StartAsync(_ => { }, settings);

    public static async Task<EmbeddedHost> StartAsync(
        Action<WebApplicationBuilder> configure, params (string Key, string Value)[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("hype-gateway-tests-");
        var builder = GatewayHost.Configured(
            "Development",
            [
                ("Hype:Storage:Path", Path.Combine(folder.FullName, "hype.db")),
                ("Hype:MediaNode:Workers", "1"),
                ("Hype:MediaNode:AnnouncedAddresses:0", "127.0.0.1"),
                .. settings]);
        builder.AddHypeGateway();
        builder.AddHypeSilo();
        builder.AddEmbeddedHypeMediaNode(GatewayHosting.OwnControlPlane);
        configure(builder);
        var app = builder.Build();
        app.MapHypeGateway();
        app.MapHypeMediaNode();
        await app.StartAsync();
        return new EmbeddedHost(app, folder);
    }

    /// <summary>Connects a client, joins a channel and reports a ready transport.</summary>
    public async Task<VoiceClient> JoinAsync(string channel, string identity)
    {
        var client = await VoiceClient.ConnectAsync(Url);
        var token = Tokens.Mint(identity, "*", DateTimeOffset.UtcNow.AddHours(1), ["join", "speak", "listen"]);
        await client.SendAsync($$"""{"type":"join","channel":"{{channel}}","token":"{{token}}"}""");
        client.Welcome = await client.ExpectAsync("welcome");
        await client.SendAsync($$"""{"type":"ready","epoch":{{client.Welcome.GetProperty("layout").GetProperty("epoch").GetInt32()}}}""");
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
