using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Hype.Gateway.Tests.Testing;

namespace Hype.Gateway.Tests.Control.Rest;

/// <summary>Tests over real sockets that REST requests reach the identity and the channel that the client escaped in the path.</summary>
public sealed class AnyNameTests() : GatewayFixture("Production")
{
    private HttpClient _http = null!;

    [SetUp]
    public void SetUp() => _http = Gateway.Http(Gateway.Token("root", "*", "moderate"));

    [TearDown]
    public void TearDown() => _http.Dispose();

    [TestCaseSource(typeof(NameSamples), nameof(NameSamples.Valid))]
    public async Task Ban_and_revocation_reach_exactly_the_escaped_identity(string identity)
    {
        var path = $"/api/voice/channels/lobby/bans/{Uri.EscapeDataString(identity)}";
        Assert.That((await _http.PutAsJsonAsync(path, new { reason = "noise" })).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await Lobby.Called($"SetBan {identity} noise");
        Assert.That((await _http.DeleteAsync(path)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await Lobby.Called($"LiftBan {identity}");
        await _http.DeleteAsync($"/api/voice/channels/lobby/restrictions/{Uri.EscapeDataString(identity)}");
        await Lobby.Called($"LiftRestriction {identity}");
        var revoked = await _http.PostAsync($"/api/voice/identities/{Uri.EscapeDataString(identity)}/revoke", null);
        Assert.That(revoked.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(Gateway.Cluster.Identity(identity).RevocationLifetime, Is.Not.Null);
    }

    [TestCaseSource(typeof(NameSamples), nameof(NameSamples.Valid))]
    public async Task Moderator_of_a_channel_reaches_exactly_the_escaped_channel(string name)
    {
        var channel = NameSamples.ChannelOf(name);
        using var moderator = Gateway.Http(Gateway.Token("ada", channel, "moderate"));
        using var client = await Gateway.ConnectAsync();
        await client.SendAsync(JsonSerializer.Serialize(new { type = "join", channel, token = Gateway.Token("ada") }));
        await client.ExpectAsync("welcome");
        var found = await moderator.GetFromJsonAsync<JsonElement>($"/api/voice/channels/{Uri.EscapeDataString(channel)}");
        Assert.That(found.GetProperty("channel").GetString(), Is.EqualTo(channel));
        var muted = await moderator.PostAsync($"/api/voice/channels/{Uri.EscapeDataString(channel)}/participants/1/mute", null);
        Assert.That(muted.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await Gateway.Cluster.Channel(channel).Called("SetServerMute 1 True");
    }

    // Without the check, the server would shorten the second path to the channel itself, which DELETE closes.
    [TestCase("channels/lobby/bans/.")]
    [TestCase("channels/lobby/restrictions/..")]
    [TestCase("channels/lobby/bans/..")]
    [TestCase("channels/lobby/bans/%2e%2E")]
    [TestCase("channels/./lobby")]
    public async Task Path_with_dot_segments_is_refused_and_reaches_no_channel(string path)
    {
        Assert.That(await SendRawAsync("DELETE", path), Does.StartWith("HTTP/1.1 4"));
        Assert.That(Lobby.Calls, Is.Empty);
    }

    [TestCaseSource(typeof(NameSamples), nameof(NameSamples.Invalid))]
    public async Task Invalid_identity_in_a_path_is_refused_with_its_flaw_by_every_call(string identity, string flaw)
    {
        var escaped = Uri.EscapeDataString(identity);
        await RefusedAsync(_http.PutAsJsonAsync($"/api/voice/channels/lobby/bans/{escaped}", new { reason = "" }));
        await RefusedAsync(_http.DeleteAsync($"/api/voice/channels/lobby/bans/{escaped}"));
        await RefusedAsync(_http.DeleteAsync($"/api/voice/channels/lobby/restrictions/{escaped}"));
        await RefusedAsync(_http.PostAsync($"/api/voice/identities/{escaped}/revoke", null));
        Assert.That(Lobby.Calls, Is.Empty);

        async Task RefusedAsync(Task<HttpResponseMessage> call)
        {
            using var response = await call;
            var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
            Assert.That(
                (response.StatusCode, problem.GetProperty("code").GetString()), Is.EqualTo((HttpStatusCode.BadRequest, "invalidName")));
            Assert.That(problem.GetProperty("detail").GetString(), Does.Contain(flaw));
        }
    }

    [TestCase("evil\u202egpj", "Ada", "U+202E")]
    [TestCase("ada", "A\u200bda", "U+200B")]
    public async Task Join_with_an_invisible_character_in_identity_or_name_is_refused_with_that_character(
        string identity, string name, string named)
    {
        var token = Tokens.Mint(identity, "*", Gateway.Time.GetUtcNow().AddHours(1), ["join"], name: name);
        using var client = await Gateway.ConnectAsync();
        await client.SendAsync(JsonSerializer.Serialize(new { type = "join", channel = "lobby", token }));
        var error = await client.ExpectAsync("error");
        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("invalidName"));
        Assert.That(error.GetProperty("message").GetString(), Does.Contain(named));
    }

    [Test]
    public async Task Bearer_token_with_an_invisible_character_in_its_identity_is_refused_with_that_character()
    {
        using var http = Gateway.Http(Gateway.Token("ro\u200bot", "*", "moderate"));
        var problem = await (await http.GetAsync("/api/voice/channels")).Content.ReadFromJsonAsync<JsonElement>();
        Assert.That(problem.GetProperty("code").GetString(), Is.EqualTo("invalidName"));
        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain("U+200B"));
    }

    /// <summary>Sends a request over a bare socket, because <see cref="HttpClient"/> removes dot segments itself.</summary>
    private async Task<string> SendRawAsync(string method, string path)
    {
        using var socket = new TcpClient(Gateway.Url.Host, Gateway.Url.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"{method} /api/voice/{path} HTTP/1.1\r\nHost: {Gateway.Url.Authority}\r\nConnection: close\r\n"
            + $"Authorization: Bearer {Gateway.Token("root", "*", "moderate")}\r\n\r\n"));
        return await new StreamReader(stream).ReadToEndAsync();
    }
}
