using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Hype.Gateway.Control.Rest;
using Hype.Gateway.Tests.Testing;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Tests.Control.Rest;

/// <summary>
/// Tests the REST routes of channels whose response is not a simple answer: event streams, explanations, moves and tokens.
/// </summary>
public sealed class ChannelsApiTests : GatewayFixture
{
    private HttpClient _http = null!;

    [SetUp]
    public void SetUp() => _http = Gateway.Http(Gateway.Token("admin", "*", "moderate"));

    [TearDown]
    public void TearDown() => _http.Dispose();

    [Test]
    public async Task Events_are_streamed_with_the_event_number_as_the_SSE_id()
    {
        using var ada = await Gateway.JoinAsync("ada");
        using var reader = await WatchAsync("/api/voice/channels/lobby/events");
        var (name, id, data) = await NextAsync(reader);
        Assert.That((name, id), Is.EqualTo(("snapshot", "0")));
        Assert.That(data.GetProperty("snapshot").GetProperty("participants")[0].GetProperty("identity").GetString(), Is.EqualTo("ada"));

        Lobby.News.Writer.TryWrite(
            new ChannelNews(1, DateTimeOffset.UnixEpoch, new MemberLeft(new MemberNumber(1), "ada", LeaveReason.Kicked)));
        (name, id, data) = await NextAsync(reader);
        Assert.That((name, id, data.GetProperty("left").GetProperty("reason").GetString()), Is.EqualTo(("left", "1", "kicked")));
    }

    [TestCase("?after=41", null)]
    [TestCase("?after=7", "41")]
    public async Task Reconnected_watcher_continues_after_the_last_received_event(string query, string? lastEventId)
    {
        Lobby.News.Writer.TryWrite(
            new ChannelNews(42, DateTimeOffset.UnixEpoch, new MemberLeft(new MemberNumber(1), "ada", LeaveReason.Left)));
        if (lastEventId is not null)
            _http.DefaultRequestHeaders.Add("Last-Event-ID", lastEventId);
        using var reader = await WatchAsync($"/api/voice/channels/lobby/events{query}");
        Assert.That((await NextAsync(reader)).Id, Is.EqualTo("42"));
        Assert.That(Lobby.Calls, Does.Contain("ReadNews 41"));
    }

    [Test]
    public async Task Watcher_gets_the_response_headers_before_the_first_event()
    {
        using var reader = await WatchAsync("/api/voice/channels/lobby/events?after=41");
        Lobby.News.Writer.TryWrite(
            new ChannelNews(42, DateTimeOffset.UnixEpoch, new MemberLeft(new MemberNumber(1), "ada", LeaveReason.Left)));
        Assert.That((await NextAsync(reader)).Id, Is.EqualTo("42"));
    }

    [Test]
    public async Task Event_is_delivered_after_heartbeats_on_an_idle_event_stream()
    {
        // The grain would answer a watcher within this time; here its call stays open over all heartbeats.
        await using var gateway = await GatewayHost.StartAsync("Development", ("Hype:Signaling:CallTimeout", "00:01:00"));
        using var http = gateway.Http(gateway.Token("admin", "*", "moderate"));
        using var reader = new StreamReader(await http.GetStreamAsync("/api/voice/channels/lobby/events?after=41"));
        var lobby = gateway.Cluster.Channel("lobby");
        await lobby.Called("ReadNews 41");
        for (var beat = 0; beat < 3; beat++)
        {
            gateway.Time.Advance(Heartbeat.Interval);
            Assert.That(await ReadLineAsync(reader), Does.StartWith(":"));
            Assert.That(await ReadLineAsync(reader), Is.Empty);
        }

        lobby.News.Writer.TryWrite(
            new ChannelNews(42, DateTimeOffset.UnixEpoch, new MemberLeft(new MemberNumber(1), "ada", LeaveReason.Left)));
        Assert.That((await NextAsync(reader)).Id, Is.EqualTo("42"));
        Assert.That(lobby.Calls.Count(call => call == "ReadNews 41"), Is.EqualTo(1), "the channel is not asked more often");
        lobby.News.Writer.Complete();
    }

    [Test]
    public async Task Explanation_contains_the_mode_the_rooms_and_the_history()
    {
        using var ada = await Gateway.JoinAsync("ada");
        var explanation = await _http.GetFromJsonAsync<JsonElement>("/api/voice/channels/lobby/explain");
        Assert.That(explanation.GetProperty("modeBecause").GetString(), Is.EqualTo("1 member: a mesh carries up to 8."));
        Assert.That(
            explanation.GetProperty("rooms")[0].GetProperty("slots").EnumerateArray().Select(slot => slot.GetUInt32()),
            Is.EqualTo(new uint[] { 1, 0 }));
        Assert.That(explanation.GetProperty("history")[0].GetProperty("event").GetString(), Is.EqualTo("mode"));
    }

    [Test]
    public async Task Move_requires_the_moderate_grant_in_both_channels()
    {
        using var moderator = Gateway.Http(Gateway.Token("mo", "lobby", "moderate"));
        var refused = await moderator.PostAsJsonAsync("/api/voice/channels/lobby/participants/7/move", new { channel = "stage" });
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(
            (await _http.PostAsJsonAsync("/api/voice/channels/lobby/participants/7/move", new { channel = "stage" })).StatusCode,
            Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(Lobby.Calls, Is.EqualTo(new[] { "Move 7 stage" }));
        Assert.That(
            (await _http.PostAsJsonAsync("/api/voice/channels/lobby/participants/7/move", new { channel = "two*words" })).StatusCode,
            Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [TestCase("""{"grants":["fly"]}""")]
    [TestCase("""{"grants":null}""")]
    [TestCase("""{}""")]
    public async Task Unknown_grants_are_refused(string body)
    {
        using var content = new StringContent(body, null, "application/json");
        Assert.That(
            (await _http.PutAsync("/api/voice/channels/lobby/participants/7/grants", content)).StatusCode,
            Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [TestCase("limit=0")]
    [TestCase("limit=1001")]
    [TestCase("limit=many")]
    public async Task Page_size_out_of_range_is_refused(string query) =>
        Assert.That((await _http.GetAsync($"/api/voice/channels?{query}")).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));

    [Test]
    public async Task Minted_token_is_valid_for_the_requested_channel_and_only_an_administrator_may_mint()
    {
        var request = new { identity = "ada", channels = new[] { "lobby" }, grants = new[] { "join" }, lifetime = 60 };
        var answer = await _http.PostAsJsonAsync("/api/voice/tokens", request);
        var minted = await answer.Content.ReadFromJsonAsync<JsonElement>();
        using var client = await Gateway.ConnectAsync();
        await client.SendAsync($$"""{"type":"join","channel":"lobby","token":"{{minted.GetProperty("token").GetString()}}"}""");
        Assert.That((await client.ExpectAsync("welcome")).GetProperty("identity").GetString(), Is.EqualTo("ada"));
        using var moderator = Gateway.Http(Gateway.Token("mo", "lobby", "moderate"));
        Assert.That(
            (await moderator.PostAsJsonAsync(
                "/api/voice/tokens", new { identity = "ada", channels = new[] { "lobby" }, grants = new[] { "join" } })).StatusCode,
            Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task Openapi_document_has_every_route_and_the_security_scheme()
    {
        var document = await _http.GetFromJsonAsync<JsonElement>("/api/voice/openapi.json");
        var paths = document.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToArray();
        var routes = Gateway.Routes
            .Select(route => route.RoutePattern.RawText!)
            .Where(
                route => route.StartsWith("/api/voice/", StringComparison.Ordinal)
                    && route is not ("/api/voice/ws" or "/api/voice/openapi.json"));
        Assert.That(paths, Is.SupersetOf(routes.Distinct()));
        Assert.That(
            document.GetProperty("components").GetProperty("securitySchemes").GetProperty("token").GetProperty("scheme").GetString(),
            Is.EqualTo("bearer"));
    }

    private async Task<StreamReader> WatchAsync(string path)
    {
        var answer = await _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/event-stream"));
        return new StreamReader(await answer.Content.ReadAsStreamAsync());
    }

    /// <summary>Reads the next event of an event stream (HTML, 9.2.6).</summary>
    private static async Task<(string? Name, string? Id, JsonElement Data)> NextAsync(StreamReader reader)
    {
        var fields = new Dictionary<string, string>();
        while (await ReadLineAsync(reader) is { } line)
        {
            if (line.Length == 0 && fields.ContainsKey("data"))
                break;
            if (line.Split(':', 2) is [var field, var value])
                fields[field] = fields.GetValueOrDefault(field) + value.TrimStart();
        }

        return (fields.GetValueOrDefault("event"), fields.GetValueOrDefault("id"), JsonDocument.Parse(fields["data"]).RootElement);
    }

    private static async Task<string?> ReadLineAsync(StreamReader reader)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await reader.ReadLineAsync(timeout.Token);
    }
}
