using System.Net.WebSockets;
using Hype.Gateway.Configuration;
using Hype.Gateway.Tests.Testing;

namespace Hype.Gateway.Tests.Signaling.Socket;

public sealed class SignalingEndpointTests
{
    [Test]
    public async Task Socket_of_a_page_with_a_foreign_origin_is_refused()
    {
        await using var gateway = await GatewayHost.StartAsync("Production", ("Hype:Gateway:AllowedOrigins:0", "https://app.example.org"));
        Assert.That(
            async () => await VoiceClient.ConnectAsync(gateway.Url, "https://evil.example.org"), Throws.InstanceOf<WebSocketException>());
        using var allowed = await VoiceClient.ConnectAsync(gateway.Url, "https://app.example.org");
        using var own = await VoiceClient.ConnectAsync(gateway.Url, gateway.Url.GetLeftPart(UriPartial.Authority));
        await allowed.PingAsync();
        await own.PingAsync();
    }

    [TestCase("capacitor://localhost", "ionic://localhost")]
    [TestCase("ionic://localhost", "null")]
    [TestCase("tauri://localhost", "tauri://localhost:1420")]
    [TestCase("app://bundle", "https://bundle")]
    [TestCase("null", "capacitor://localhost")]
    public async Task Page_in_an_app_shell_opens_a_socket_and_reads_REST_if_its_origin_is_listed(string origin, string foreign)
    {
        await using var gateway = await GatewayHost.StartAsync("Production", ("Hype:Gateway:AllowedOrigins:0", origin));
        using var allowed = await VoiceClient.ConnectAsync(gateway.Url, origin);
        await allowed.PingAsync();
        Assert.That(async () => await VoiceClient.ConnectAsync(gateway.Url, foreign), Throws.InstanceOf<WebSocketException>());
        using var http = gateway.Http();
        http.DefaultRequestHeaders.Add("Origin", origin);
        var response = await http.GetAsync("/api/voice/regions");
        Assert.That(response.Headers.GetValues("Access-Control-Allow-Origin"), Is.EqualTo(new[] { origin }));
    }

    // A shell may serve its pages under any host name, so a custom scheme is never the gateway's own page.
    [Test]
    public async Task Page_of_a_custom_scheme_with_the_host_of_the_gateway_is_refused()
    {
        await using var gateway = await GatewayHost.StartAsync("Production");
        Assert.That(
            async () => await VoiceClient.ConnectAsync(gateway.Url, $"app://{gateway.Url.Authority}"),
            Throws.InstanceOf<WebSocketException>());
    }

    [TestCase("https://app.example.org/")]
    [TestCase("https://app.example.org/path")]
    [TestCase("capacitor://")]
    [TestCase("app.example.org")]
    [TestCase("https://user@app.example.org")]
    [TestCase("*")]
    public void Entry_that_is_not_an_origin_is_reported_with_an_example(string entry) =>
        Assert.That(
            new GatewayOptionsValidator().Validate(null, new GatewayOptions { AllowedOrigins = [entry] }).Failures,
            Has.One.Contains($"has '{entry}'").And.One.Contains("capacitor://localhost"));
}
