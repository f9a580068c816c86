using System.Security.Cryptography;
using System.Text.Json;
using Hype.Gateway.Tests.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Hype.Gateway.Tests.Signaling.Renewal;

/// <summary>Tests calls that last longer than their token: the client gets the next token in time, from any gateway.</summary>
public sealed class TokenRefreshTests() : GatewayFixture("Production", LongPings)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Due = TimeSpan.FromMinutes(20);

    /// <summary>
    /// The step by which a test advances the clock: shorter than three ping intervals, after which a silent socket is closed.
    /// </summary>
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(10);

    private static readonly (string, string) LongPings = ("Hype:Signaling:PingInterval", "00:05:00");

    private DateTimeOffset Now => Gateway.Time.GetUtcNow();

    [Test]
    public async Task Renewed_token_arrives_after_two_thirds_of_the_lifetime_and_is_valid_for_a_join()
    {
        using var ada = await JoinAsync(Token("ada", Now));
        Assert.That(await PassAsync(ada, Due - TimeSpan.FromSeconds(1)), Is.Null, "not before");
        Gateway.Cluster.Identity("ada").Now = Now + TimeSpan.FromSeconds(1);
        var message = await PassAsync(ada, TimeSpan.FromSeconds(1));

        Assert.That(message!.Value.GetProperty("expiresInMs").GetInt64(), Is.EqualTo((long)Lifetime.TotalMilliseconds));
        var token = Read(message);
        Assert.That(token.Subject, Is.EqualTo("ada"));
        Assert.That(token.ValidTo - token.IssuedAt, Is.EqualTo(Lifetime));

        await PassAsync(ada, Lifetime - Due);
        using var again = await Gateway.ConnectAsync();
        await again.SendAsync(JsonSerializer.Serialize(new { type = "join", channel = "lobby", token = token.EncodedToken }));
        Assert.That((await again.ExpectAsync("welcome")).GetProperty("name").GetString(), Is.EqualTo("Name of ada"));
    }

    [Test]
    public async Task Renewed_token_is_renewed_again()
    {
        using var ada = await JoinAsync(Token("ada", Now));
        for (var i = 0; i < 3; i++)
        {
            Gateway.Cluster.Identity("ada").Now = Now + Due;
            Assert.That(Read(await PassAsync(ada, Due)).IssuedAt, Is.EqualTo(Now.UtcDateTime));
        }
    }

    [Test]
    public async Task Renewal_ends_with_the_longest_session_and_the_last_token_is_not_valid_longer()
    {
        await using var gateway = await GatewayHost.StartAsync("Production", LongPings, ("Hype:Auth:MaxSession", "00:45:00"));
        using var ada = await gateway.ConnectAsync();
        var start = gateway.Time.GetUtcNow();
        var token = Tokens.Mint("ada", "*", start + Lifetime, ["join"], issuedAt: start);
        await ada.SendAsync(JsonSerializer.Serialize(new { type = "join", channel = "lobby", token }));
        await ada.ExpectAsync("welcome");
        gateway.Cluster.Identity("ada").Now = start + Due;
        gateway.Time.Advance(Step);
        await ada.PingAsync();
        gateway.Time.Advance(Step);
        var renewed = Read(await ada.ExpectAsync("token"));
        Assert.That(renewed.ValidTo, Is.EqualTo((start + TimeSpan.FromMinutes(45)).UtcDateTime));
        Assert.That(renewed.GetPayloadValue<long>("auth_time"), Is.EqualTo(start.ToUnixTimeSeconds()));

        // A join with the renewed token does not begin another session.
        using var again = await gateway.ConnectAsync();
        await again.SendAsync(JsonSerializer.Serialize(new { type = "join", channel = "lobby", token = renewed.EncodedToken }));
        await again.ExpectAsync("welcome");
        gateway.Time.Advance(Step);
        await again.PingAsync();
        gateway.Time.Advance(Step);
        await again.SendAsync("""{"type":"ping","id":9}""");
        string? type = null;
        while (type != "pong")
        {
            type = (await again.ReceiveAsync())!.Value.GetProperty("type").GetString();
            Assert.That(type, Is.Not.EqualTo("token"));
        }
    }

    [Test]
    public async Task Socket_is_closed_at_the_end_of_its_token_only_if_the_deployment_asks_for_it()
    {
        foreach (var ends in new[] { false, true })
        {
            await using var gateway = await GatewayHost.StartAsync(
                "Production", LongPings, ("Hype:Auth:EndAtExpiry", $"{ends}"), ("Hype:Auth:MaxSession", "00:01:00"));
            using var ada = await gateway.ConnectAsync();
            var start = gateway.Time.GetUtcNow();
            var token = Tokens.Mint("ada", "*", start + TimeSpan.FromMinutes(9), ["join"], issuedAt: start);
            await ada.SendAsync(JsonSerializer.Serialize(new { type = "join", channel = "lobby", token }));
            await ada.ExpectAsync("welcome");
            gateway.Time.Advance(TimeSpan.FromMinutes(9));
            if (ends)
                Assert.That((await ada.ExpectCloseAsync()).Bye, Is.EqualTo("unauthorized"));
            else
                await ada.PingAsync();
        }
    }

    [Test]
    public async Task Resume_without_a_valid_token_is_closed_if_sessions_end_with_their_tokens()
    {
        await using var gateway = await GatewayHost.StartAsync("Production", ("Hype:Auth:EndAtExpiry", "true"));
        using var ada = await gateway.JoinAsync("ada");
        using var again = await gateway.ConnectAsync();
        await again.SendAsync(JsonSerializer.Serialize(new { type = "resume", channel = "lobby", resumeToken = ada.ResumeToken }));
        Assert.That((await again.ExpectCloseAsync()).Bye, Is.EqualTo("unauthorized"));
    }

    [Test]
    public async Task Renewed_token_has_the_time_of_issue_returned_by_the_identity_grain()
    {
        using var ada = await JoinAsync(Token("ada", Now));
        var there = Now + Due - TimeSpan.FromSeconds(7);
        Gateway.Cluster.Identity("ada").Now = there;
        Assert.That(Read(await PassAsync(ada, Due)).IssuedAt, Is.EqualTo(there.UtcDateTime));
    }

    [Test]
    public async Task Revoked_token_is_not_renewed()
    {
        using var ada = await JoinAsync(Token("ada", Now));
        Gateway.Cluster.Identity("ada").RevokedUpTo = Now;
        Assert.That(await PassAsync(ada, Due), Is.Null);
    }

    [Test]
    public async Task Token_renewal_is_retried_after_a_failed_call_of_the_identity_grain()
    {
        using var ada = await JoinAsync(Token("ada", Now));
        Gateway.Cluster.Identity("ada").Failure = new TimeoutException("No silo.");
        Assert.That(await PassAsync(ada, Due), Is.Null);
        Gateway.Cluster.Identity("ada").Failure = null;
        Assert.That(await PassAsync(ada, TimeSpan.FromSeconds(5)), Is.Not.Null);
    }

    [Test]
    public async Task Token_renewal_continues_after_a_resume_with_the_token_of_the_join()
    {
        var token = Token("ada", Now);
        using var ada = await JoinAsync(token);
        using var resumed = await ResumeAsync(ada, token);
        Assert.That(await PassAsync(resumed, Due), Is.Not.Null);
    }

    [TestCase("bob", Description = "another identity's")]
    [TestCase(null, Description = "nonsense")]
    public async Task Resume_with_an_invalid_or_foreign_token_succeeds_without_token_renewal(string? identity)
    {
        using var ada = await JoinAsync(Token("ada", Now));
        using var resumed = await ResumeAsync(ada, identity is null ? "nonsense" : Token(identity, Now));
        Assert.That(await PassAsync(resumed, Due), Is.Null);
    }

    [Test]
    public async Task Gateway_with_only_public_keys_renews_no_token()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var gateway = await GatewayHost.StartAsync(
            "Production",
            ("Hype:Auth:Keys:0:Secret", ""),
            ("Hype:Auth:Keys:0:PublicKey", key.ExportSubjectPublicKeyInfoPem()),
            LongPings);
        var token = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = GatewayHost.ApiKey,
            IssuedAt = gateway.Time.GetUtcNow().UtcDateTime,
            Expires = (gateway.Time.GetUtcNow() + Lifetime).UtcDateTime,
            Claims = new Dictionary<string, object> { ["sub"] = "ada", ["channels"] = "*", ["grants"] = new[] { "join" } },
            SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(key), SecurityAlgorithms.EcdsaSha256),
        });
        using var ada = await gateway.ConnectAsync();
        await ada.SendAsync(JsonSerializer.Serialize(new { type = "join", channel = "lobby", token }));
        await ada.ExpectAsync("welcome");
        Assert.That(await PassAsync(gateway, ada, Due), Is.Null);
    }

    private static string Token(string identity, DateTimeOffset issuedAt) =>
        Tokens.Mint(identity, "*", issuedAt + Lifetime, ["join", "speak", "listen"], issuedAt: issuedAt);

    private async Task<VoiceClient> JoinAsync(string token)
    {
        var client = await Gateway.ConnectAsync();
        await client.SendAsync(JsonSerializer.Serialize(new { type = "join", channel = "lobby", token }));
        client.Welcome = await client.ExpectAsync("welcome");
        return client;
    }

    private async Task<VoiceClient> ResumeAsync(VoiceClient lost, string token)
    {
        var client = await Gateway.ConnectAsync();
        await client.SendAsync(
            JsonSerializer.Serialize(new { type = "resume", channel = "lobby", resumeToken = lost.ResumeToken, token }));
        client.Welcome = await client.ExpectAsync("welcome");
        return client;
    }

    /// <summary>
    /// Advances the clock while the client pings, and returns the <c>token</c> message that arrived, or null. A message of a timer
    /// arrives before the next pong.
    /// </summary>
    private static async Task<JsonElement?> PassAsync(GatewayHost gateway, VoiceClient client, TimeSpan time)
    {
        JsonElement? token = null;
        for (var left = time; left > TimeSpan.Zero; left -= Step)
        {
            gateway.Time.Advance(left < Step ? left : Step);
            await client.SendAsync("""{"type":"ping","id":1}""");
            for (var pong = false; !pong;)
            {
                var message = await client.ReceiveAsync() ?? throw new AssertionException("The socket was closed.");
                var type = message.GetProperty("type").GetString();
                token = type == "token" ? message : token;
                pong = type == "pong";
            }
        }

        return token;
    }

    private Task<JsonElement?> PassAsync(VoiceClient client, TimeSpan time) => PassAsync(Gateway, client, time);

    private static JsonWebToken Read(JsonElement? message) => new(message!.Value.GetProperty("token").GetString());
}
