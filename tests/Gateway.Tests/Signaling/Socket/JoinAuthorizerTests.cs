using Hype.Gateway.Tests.Testing;

namespace Hype.Gateway.Tests.Signaling.Socket;

public sealed class JoinAuthorizerTests() : GatewayFixture("Production")
{
    [Test]
    public async Task Join_with_an_expired_token_closes_the_socket()
    {
        using var client = await JoinWithAsync(Tokens.Mint("ada", "*", Gateway.Time.GetUtcNow().AddHours(-1), ["join"]));
        Assert.That(await client.ExpectErrorAsync(), Is.EqualTo("unauthorized"));
        Assert.That(await client.ExpectCloseAsync(), Is.EqualTo(("unauthorized", 4003)));
    }

    [TestCase("other", "join")]
    [TestCase("lobby", "listen")]
    public async Task Join_with_a_token_without_the_channel_or_the_join_grant_is_forbidden(string channels, string grant)
    {
        using var client = await JoinWithAsync(Gateway.Token("ada", channels, grant));
        Assert.That(await client.ExpectErrorAsync(), Is.EqualTo("forbidden"));
        await client.PingAsync();
    }

    private async Task<VoiceClient> JoinWithAsync(string token)
    {
        var client = await Gateway.ConnectAsync();
        await client.SendAsync($$"""{"type":"join","channel":"lobby","token":"{{token}}"}""");
        return client;
    }
}
