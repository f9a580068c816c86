using System.Text.Json;
using Hype.Gateway.Configuration;
using Hype.Gateway.Tests.Testing;

namespace Hype.Gateway.Tests.Signaling.Renewal;

/// <summary>Tests the STUN and TURN servers that a client gets, and the renewal of its TURN credentials.</summary>
public sealed class IceServersTests
{
    /// <summary>The output of <c>printf ada | sha256sum | cut -c1-32</c>.</summary>
    private const string Ada = "fdee430d40bd57deeac186cd9790033d";

    private static readonly (string, string)[] Turn =
    [
        ("Hype:Gateway:IceServers:0:Urls:0", "stun:stun.example.org"),
        ("Hype:Gateway:IceServers:1:Urls:0", "turn:turn.example.org:3478"),
        ("Hype:Gateway:IceServers:1:Secret", "north-of-the-wall"),
        ("Hype:Gateway:IceServers:1:CredentialLifetime", "01:00:00"),
        ("Hype:Gateway:IceServers:2:Urls:0", "turns:old.example.org"),
        ("Hype:Gateway:IceServers:2:Username", "all"),
        ("Hype:Gateway:IceServers:2:Credential", "of-us"),
    ];

    [Test]
    public async Task TURN_server_with_a_shared_secret_is_sent_with_expiring_credentials_for_the_client()
    {
        await using var gateway = await GatewayHost.StartAsync("Production", Turn);
        using var ada = await gateway.JoinAsync("ada");
        var servers = ada.Welcome.GetProperty("iceServers");
        Assert.That(servers[0].TryGetProperty("username", out _), Is.False);
        // 2026-11-22T13:00:00Z. The credential is the output of
        // `openssl dgst -sha1 -hmac north-of-the-wall -binary | base64` for the username.
        Assert.That(Of(servers[1]), Is.EqualTo(($"1795352400:{Ada}", "hihp9YYYBTnM7faZz9FNpgKNjwA=")));
        Assert.That(Of(servers[2]), Is.EqualTo(("all", "of-us")));
    }

    [Test]
    public async Task Resumed_client_gets_new_TURN_credentials()
    {
        await using var gateway = await GatewayHost.StartAsync("Production", Turn);
        using var ada = await gateway.JoinAsync("ada");
        gateway.Time.Advance(TimeSpan.FromSeconds(25));
        using var resumed = await gateway.ConnectAsync();
        await resumed.SendAsync(JsonSerializer.Serialize(new { type = "resume", channel = "lobby", resumeToken = ada.ResumeToken }));
        Assert.That(Of((await resumed.ExpectAsync("welcome")).GetProperty("iceServers")[1]).Username, Is.EqualTo($"1795352425:{Ada}"));
    }

    [Test]
    public async Task New_TURN_credentials_arrive_before_the_previous_credentials_expire()
    {
        await using var gateway = await GatewayHost.StartAsync(
            "Production",
            [.. Turn, ("Hype:Gateway:IceServers:3:Urls:0", "turn:far.example.org"),
                ("Hype:Gateway:IceServers:3:Secret", "south-of-the-wall"), ("Hype:Gateway:IceServers:3:CredentialLifetime", "00:00:30")]);
        using var ada = await gateway.JoinAsync("ada");
        foreach (var ends in new[] { 1795352420, 1795352440 })
        {
            gateway.Time.Advance(TimeSpan.FromSeconds(19));
            await ExpectNoneAsync(ada);
            gateway.Time.Advance(TimeSpan.FromSeconds(1));
            var servers = (await ada.ExpectAsync("iceServers")).GetProperty("iceServers");
            Assert.That(servers.GetArrayLength(), Is.EqualTo(4));
            Assert.That(Of(servers[1]).Username, Is.EqualTo($"{ends}:{Ada}"), "credentials with a longer lifetime too");
            Assert.That(Of(servers[3]).Username, Is.EqualTo($"{ends - 3570}:{Ada}"));
        }
    }

    [Test]
    public async Task ICE_servers_without_expiring_credentials_are_not_sent_again()
    {
        await using var gateway = await GatewayHost.StartAsync(
            "Production", ("Hype:Gateway:IceServers:0:Urls:0", "stun:stun.example.org"));
        using var ada = await gateway.JoinAsync("ada");
        gateway.Time.Advance(TimeSpan.FromSeconds(20));
        await ExpectNoneAsync(ada);
    }

    [TestCase("Secret", "short", "must have 16-256 characters")]
    [TestCase("Username", "somebody", "must not be set beside a Username or Credential")]
    [TestCase("CredentialLifetime", "00:00:01", "must be between")]
    public void Invalid_setting_of_a_TURN_server_with_a_shared_secret_is_reported(string key, string value, string error)
    {
        var server = new IceServerOptions
        {
            Urls = ["turn:turn.example.org"],
            Secret = key == "Secret" ? value : "north-of-the-wall",
            Username = key == "Username" ? value : null,
            CredentialLifetime = key == "CredentialLifetime"
                ? TimeSpan.Parse(value, System.Globalization.CultureInfo.InvariantCulture)
                : TimeSpan.FromHours(1),
        };
        Assert.That(
            new GatewayOptionsValidator().Validate(null, new GatewayOptions { IceServers = [server] }).Failures,
            Has.One.Contains("Hype:Gateway:IceServers:0:").And.One.Contains(error));
    }

    /// <summary>
    /// Checks that no <c>iceServers</c> message arrives before the next <c>pong</c>: a message that a timer has already sent would arrive
    /// before the <c>pong</c>.
    /// </summary>
    private static async Task ExpectNoneAsync(VoiceClient client)
    {
        await client.SendAsync("""{"type":"ping","id":1}""");
        string? type = null;
        while (type != "pong")
        {
            type = (await client.ReceiveAsync())!.Value.GetProperty("type").GetString();
            Assert.That(type, Is.Not.EqualTo("iceServers"));
        }
    }

    private static (string? Username, string? Credential) Of(JsonElement server) =>
        (server.GetProperty("username").GetString(), server.GetProperty("credential").GetString());
}
