using System.Net.Http.Json;
using System.Text.Json;
using Hype.Gateway.Tests.Testing;

namespace Hype.Gateway.Tests.Control.Rest;

/// <summary>Tests the list of regions that a client can measure, and the list of other gateways in <c>welcome</c>.</summary>
public sealed class RegionsApiTests
{
    [Test]
    public async Task Region_list_without_configured_regions_contains_only_the_region_of_this_gateway()
    {
        await using var host = await GatewayHost.StartAsync();

        Assert.That(await RegionsOf(host), Is.EqualTo(new[] { ("local", "/") }));
    }

    [Test]
    public async Task Region_list_contains_this_gateway_and_only_regions_with_a_configured_gateway_address()
    {
        await using var host = await GatewayHost.StartAsync(
            "Development",
            ("Hype:Gateway:Region", "eu-west"),
            ("Hype:Regions:Nearest:eu-west:0", "us-east"),
            ("Hype:Regions:Nearest:us-east:0", "eu-west"),
            ("Hype:Regions:Nearest:ap-south:0", "eu-west"),
            ("Hype:Regions:Gateways:us-east", "https://us.voice.example.org"));

        Assert.That(await RegionsOf(host), Is.EquivalentTo(new[] { ("eu-west", "/"), ("us-east", "https://us.voice.example.org") }));
    }

    [Test]
    public async Task Region_list_is_readable_from_allowed_origins()
    {
        await using var host = await GatewayHost.StartAsync("Production", ("Hype:Gateway:AllowedOrigins:0", "https://app.example.org"));
        using var http = host.Http();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/voice/regions")
        {
            Headers = { { "Origin", "https://app.example.org" } },
        };

        using var answer = await http.SendAsync(request);

        Assert.That(answer.IsSuccessStatusCode, Is.True);
        Assert.That(answer.Headers.GetValues("Access-Control-Allow-Origin"), Is.EqualTo(new[] { "https://app.example.org" }));
    }

    [Test]
    public async Task Welcome_lists_the_socket_addresses_of_the_configured_alternate_gateways()
    {
        await using var host = await GatewayHost.StartAsync(
            "Development",
            ("Hype:Gateway:Alternates:0", "https://voice-2.example.org"),
            ("Hype:Gateway:Alternates:1", "http://127.0.0.1:8090/eu/"));
        using var ada = await host.JoinAsync("ada");

        Assert.That(
            ada.Welcome.GetProperty("gateways").EnumerateArray().Select(url => url.GetString()),
            Is.EqualTo(new[] { "wss://voice-2.example.org/api/voice/ws", "ws://127.0.0.1:8090/eu/api/voice/ws" }));
    }

    [Test]
    public void Every_invalid_gateway_address_is_reported_at_start()
    {
        var failure = Assert.CatchAsync(() => GatewayHost.StartAsync(
            "Development",
            ("Hype:Gateway:Alternates:0", "voice-2.example.org"),
            ("Hype:Regions:Gateways:eu-west", "ftp://eu.voice.example.org")));

        Assert.That(
            failure!.ToString(),
            Does.Contain("Hype:Gateway:Alternates has 'voice-2.example.org'").And.Contain(
                "Hype:Regions:Gateways:eu-west is 'ftp://eu.voice.example.org'"));
    }

    private static async Task<(string, string)[]> RegionsOf(GatewayHost host)
    {
        using var http = host.Http();
        var regions = await http.GetFromJsonAsync<JsonElement[]>("/api/voice/regions");
        return [.. regions!.Select(region => (region.GetProperty("region").GetString()!, region.GetProperty("url").GetString()!))];
    }
}
