using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Hype.Gateway.Tests.Testing;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;

namespace Hype.Gateway.Tests.Control.Rest;

public sealed class RestTests : GatewayFixture
{
    [TestCase("/health/live")]
    [TestCase("/health/ready")]
    public async Task Health_endpoint_answers_with_status_200(string path)
    {
        using var http = Gateway.Http();
        Assert.That((await http.GetAsync(path)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Health_summarises_the_deployment()
    {
        using var ada = await Gateway.JoinAsync("ada");
        using var http = Gateway.Http();
        var health = await http.GetFromJsonAsync<JsonElement>("/api/voice/health");
        Assert.That(health.GetProperty("version").GetString(), Does.Match(@"^\d+\.\d+\.\d+"));
        Assert.That(health.GetProperty("cluster").GetProperty("provider").GetString(), Is.EqualTo("Embedded"));
        Assert.That(health.GetProperty("gateway").GetProperty("sockets").GetInt32(), Is.EqualTo(1));
        Assert.That(health.GetProperty("regions")[0].GetProperty("region").GetString(), Is.EqualTo("local"));
    }

    [Test]
    public async Task Channel_is_returned_with_its_participants_and_layout()
    {
        using var ada = await Gateway.JoinAsync("ada");
        using var http = Gateway.Http();
        var channel = await http.GetFromJsonAsync<JsonElement>("/api/voice/channels/lobby");
        Assert.That(channel.GetProperty("mode").GetString(), Is.EqualTo("p2p"));
        Assert.That(channel.GetProperty("reason").GetString(), Is.EqualTo("created"));
        Assert.That(channel.GetProperty("participants")[0].GetProperty("identity").GetString(), Is.EqualTo("ada"));
        Assert.That(channel.GetProperty("pending").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [TestCase("/api/voice/channels/nobody", HttpStatusCode.NotFound, "unknownChannel")]
    [TestCase("/api/voice/channels/two*words", HttpStatusCode.BadRequest, "invalidChannel")]
    public async Task Error_is_answered_as_problem_details_with_code_message_and_retryable(string path, HttpStatusCode status, string code)
    {
        using var http = Gateway.Http();
        await ExpectProblemAsync(await http.GetAsync(path), status, code);
    }

    [Test]
    public async Task Mode_p2p_may_be_set_by_an_administrator_and_left_by_a_moderator_but_not_set_by_a_moderator()
    {
        using var moderator = Gateway.Http(Gateway.Token("ada", "lobby", "moderate"));
        await ExpectProblemAsync(await SetAsync(moderator), HttpStatusCode.Forbidden, "forbidden");
        using var administrator = Gateway.Http(Gateway.Token("root", "*", "moderate"));
        Assert.That((await SetAsync(administrator)).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Lobby.Settings = new ChannelSettings { Mode = ModePolicy.P2P };
        Assert.That((await SetAsync(moderator)).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(Lobby.Calls, Is.EqualTo(new[] { "UpdateSettings P2P 20", "UpdateSettings P2P 20" }));

        Lobby.Refusal = VoiceError.MeshNotAllowed;
        await ExpectProblemAsync(await SetAsync(administrator), HttpStatusCode.Conflict, "meshNotAllowed");

        static Task<HttpResponseMessage> SetAsync(HttpClient http) =>
            http.PutAsJsonAsync("/api/voice/channels/lobby/settings", new { mode = "p2p", maxParticipants = 20 });
    }

    [TestCase("POST", "participants/7/mute")]
    [TestCase("POST", "participants/7/unmute")]
    [TestCase("POST", "participants/7/kick")]
    [TestCase("PUT", "participants/7/grants", """{"grants":["join","listen"]}""")]
    [TestCase("PUT", "bans/mallory", """{"reason":"noise"}""")]
    [TestCase("DELETE", "bans/mallory")]
    [TestCase("DELETE", "restrictions/mallory")]
    public async Task Order_of_a_moderator_is_answered_with_its_storage(string method, string path, string? body = null)
    {
        using var moderator = Gateway.Http(Gateway.Token("ada", "lobby", "moderate"));
        Assert.That(await OrderAsync(), Is.EqualTo("""{"storage":"stored"}"""));
        Lobby.Moderation = ModerationResult.NotStored;
        Assert.That(await OrderAsync(), Is.EqualTo("""{"storage":"notStored"}"""));
        Lobby.Refusal = VoiceError.UnknownBan;
        await ExpectProblemAsync(await SendAsync(), HttpStatusCode.NotFound, "unknownBan");

        async Task<string> OrderAsync()
        {
            var answer = await SendAsync();
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            return await answer.Content.ReadAsStringAsync();
        }

        Task<HttpResponseMessage> SendAsync() => moderator.SendAsync(
            new HttpRequestMessage(new HttpMethod(method), $"/api/voice/channels/lobby/{path}")
            {
                Content = body is null ? null : new StringContent(body, null, "application/json"),
            });
    }

    [TestCase("PUT", "settings", """{"mode":"sfu","maxParticipants":20}""", "UpdateSettings Sfu 20")]
    [TestCase("POST", "participants/7/mute", null, "SetServerMute 7 True")]
    [TestCase("POST", "participants/7/unmute", null, "SetServerMute 7 False")]
    [TestCase("POST", "participants/7/kick", null, "Kick 7")]
    [TestCase("PUT", "participants/7/grants", """{"grants":["join","listen"]}""", "SetGrants 7 Join, Listen")]
    [TestCase("PUT", "participants/7/attributes", """{"role":"host"}""", "SetAttributes 7 role=host")]
    [TestCase("POST", "", """{"mode":"sfu","name":"The lobby"}""", "Create Sfu The lobby")]
    [TestCase("DELETE", "", null, "Close False")]
    [TestCase("DELETE", "?forget=true", null, "Close True")]
    [TestCase("PUT", "bans/mallory", """{"reason":"noise"}""", "SetBan mallory noise")]
    [TestCase("DELETE", "bans/mallory", null, "LiftBan mallory")]
    [TestCase("DELETE", "restrictions/mallory", null, "LiftRestriction mallory")]
    public async Task Moderation_requires_the_grant_moderate_for_the_channel(string method, string path, string? body, string call)
    {
        using var stranger = Gateway.Http();
        await ExpectProblemAsync(await SendAsync(stranger), HttpStatusCode.Unauthorized, "unauthorized");
        using var speaker = Gateway.Http(Gateway.Token("ada", "lobby", "join", "speak"));
        await ExpectProblemAsync(await SendAsync(speaker), HttpStatusCode.Forbidden, "forbidden");
        using var elsewhere = Gateway.Http(Gateway.Token("ada", "other", "moderate"));
        await ExpectProblemAsync(await SendAsync(elsewhere), HttpStatusCode.Forbidden, "forbidden");

        using var moderator = Gateway.Http(Gateway.Token("ada", "lobby", "moderate"));
        Assert.That((await SendAsync(moderator)).IsSuccessStatusCode);
        await Lobby.Called(call);

        Task<HttpResponseMessage> SendAsync(
            HttpClient http) => http.SendAsync(new HttpRequestMessage(
                new HttpMethod(method), $"/api/voice/channels/lobby{(path.Length > 0 && path[0] != '?' ? "/" : "")}{path}")
            {
                Content = body is null ? null : new StringContent(body, null, "application/json"),
            });
    }

    [TestCase("{")]
    [TestCase("""{"mode":"carrierPigeon"}""")]
    [TestCase("""{"mode":1}""")]
    public async Task Unreadable_body_is_refused_as_a_bad_message(string body)
    {
        using var moderator = Gateway.Http(Gateway.Token("ada", "lobby", "moderate"));
        using var content = new StringContent(body, null, "application/json");
        await ExpectProblemAsync(
            await moderator.PutAsync("/api/voice/channels/lobby/settings", content), HttpStatusCode.BadRequest, "badMessage");
    }

    [Test]
    public async Task Restrictions_are_listed_to_a_moderator_of_the_channel()
    {
        const string Path = "/api/voice/channels/lobby/restrictions";
        using var moderator = Gateway.Http(Gateway.Token("ada", "lobby", "moderate"));
        Assert.That(
            await moderator.GetStringAsync(Path), Is.EqualTo("""[{"identity":"mallory","serverMuted":true,"denied":["speak"]}]"""));
        using var elsewhere = Gateway.Http(Gateway.Token("ada", "other", "moderate"));
        await ExpectProblemAsync(await elsewhere.GetAsync(Path), HttpStatusCode.Forbidden, "forbidden");
        await ExpectProblemAsync(
            await moderator.DeleteAsync("/api/voice/channels/*/restrictions/mallory"), HttpStatusCode.BadRequest, "invalidChannel");
    }

    [Test]
    public async Task Refused_order_names_the_error()
    {
        using var moderator = Gateway.Http(Gateway.Token("ada", "lobby", "moderate"));
        Lobby.Refusal = VoiceError.TooManyBans;
        using var ban = await moderator.PutAsJsonAsync("/api/voice/channels/lobby/bans/mallory", new { reason = "noise" });
        await ExpectProblemAsync(ban, HttpStatusCode.Conflict, "tooManyBans");
        Lobby.Refusal = VoiceError.UnknownRestriction;
        await ExpectProblemAsync(
            await moderator.DeleteAsync("/api/voice/channels/lobby/restrictions/mallory"), HttpStatusCode.NotFound, "unknownRestriction");
    }

    [Test]
    public async Task Ban_with_an_end_in_the_past_is_refused()
    {
        using var moderator = Gateway.Http(Gateway.Token("ada", "lobby", "moderate"));
        using var over = await moderator.PutAsJsonAsync(
            "/api/voice/channels/lobby/bans/mallory", new { until = DateTimeOffset.UnixEpoch });
        await ExpectProblemAsync(over, HttpStatusCode.BadRequest, "badMessage");
        using var ahead = await moderator.PutAsJsonAsync(
            "/api/voice/channels/lobby/bans/mallory", new { until = DateTimeOffset.MaxValue });
        Assert.That(ahead.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Failed_grain_call_is_answered_with_unavailable()
    {
        Lobby.Failure = new TimeoutException("No silo.");
        using var moderator = Gateway.Http(Gateway.Token("ada", "lobby", "moderate"));
        await ExpectProblemAsync(
            await moderator.PostAsync("/api/voice/channels/lobby/participants/1/kick", null),
            HttpStatusCode.ServiceUnavailable,
            "unavailable");
    }

    [Test]
    public async Task Guest_token_is_valid_and_has_the_requested_identity()
    {
        using var http = Gateway.Http();
        var first = await GuestAsync(http, new { name = "Ada", channel = "lobby" });
        var again = await GuestAsync(http, new { name = "Ada", channel = "lobby", identity = first.GetProperty("identity").GetString() });
        Assert.That(again.GetProperty("identity").GetString(), Is.EqualTo(first.GetProperty("identity").GetString()));

        using var client = await Gateway.ConnectAsync();
        await client.SendAsync($$"""{"type":"join","channel":"lobby","token":"{{again.GetProperty("token").GetString()}}"}""");
        Assert.That((await client.ExpectAsync("welcome")).GetProperty("name").GetString(), Is.EqualTo("Ada"));
    }

    [TestCase("""{"name":"","channel":"lobby"}""", "invalidName")]
    [TestCase("""{"name":"Ada","channel":"two*words"}""", "invalidChannel")]
    [TestCase("""{"name":"Ada"}""", "badMessage")]
    public async Task Guest_token_request_without_a_name_or_a_valid_channel_is_refused(string body, string code)
    {
        using var http = Gateway.Http();
        using var content = new StringContent(body, null, "application/json");
        await ExpectProblemAsync(await http.PostAsync("/api/voice/tokens/guest", content), HttpStatusCode.BadRequest, code);
    }

    [Test]
    public async Task Guest_token_requests_and_anonymous_reads_are_refused_outside_development()
    {
        await using var gateway = await GatewayHost.StartAsync("Production");
        using var ada = await gateway.JoinAsync("ada");
        using var http = gateway.Http();
        Assert.That(
            (await http.PostAsJsonAsync("/api/voice/tokens/guest", new { name = "Ada", channel = "lobby" })).StatusCode,
            Is.EqualTo(HttpStatusCode.NotFound));
        await ExpectProblemAsync(await http.GetAsync("/api/voice/channels/lobby"), HttpStatusCode.Unauthorized, "unauthorized");

        using var moderator = gateway.Http(gateway.Token("ada", "lobby", "moderate"));
        Assert.That((await moderator.GetAsync("/api/voice/channels/lobby")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await moderator.GetAsync("/api/voice/channels")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Cross_origin_requests_are_allowed_in_development()
    {
        using var http = Gateway.Http();
        http.DefaultRequestHeaders.Add("Origin", "http://localhost:3000");
        var response = await http.GetAsync("/api/voice/health");
        Assert.That(response.Headers.GetValues("Access-Control-Allow-Origin"), Is.EqualTo(new[] { "http://localhost:3000" }));
    }

    private static async Task<JsonElement> GuestAsync(HttpClient http, object request)
    {
        var response = await http.PostAsJsonAsync("/api/voice/tokens/guest", request);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task ExpectProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        Assert.That(response.StatusCode, Is.EqualTo(status));
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.That(problem.GetProperty("code").GetString(), Is.EqualTo(code));
        Assert.That(problem.GetProperty("message").GetString(), Is.Not.Empty);
        Assert.That(
            problem.GetProperty("retryable").ValueKind, Is.EqualTo(code == "unavailable" ? JsonValueKind.True : JsonValueKind.False));
    }
}
