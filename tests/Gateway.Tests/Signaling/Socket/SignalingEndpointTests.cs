using System.Net.WebSockets;
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
}
