using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Reflection.V1Alpha;
using Hype.Control.V1;
using Hype.Gateway.Errors;
using Hype.Gateway.Tests.Testing;
using HealthService = Grpc.Health.V1.Health;

namespace Hype.Gateway.Tests.Limits;

/// <summary>
/// Tests refusals by rate limits over real sockets. The rate limiters use the system clock; a test ends before they add tokens.
/// </summary>
public sealed class LimitsTests
{
    [Test]
    public async Task HTTP_requests_above_the_limit_are_refused_with_the_time_to_wait()
    {
        await using var gateway = await StartAsync(("RequestsPerAddress:Burst", "2"), ("RequestsPerAddress:PerSecond", "1"));
        using var http = gateway.Http();
        for (var i = 0; i < 2; i++)
            Assert.That((await http.GetAsync("/api/voice/regions")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        using var refused = await http.GetAsync("/api/voice/regions");
        await ExpectTooManyAsync(refused);
        Assert.That((await http.GetAsync("/health/live")).StatusCode, Is.EqualTo(HttpStatusCode.OK), "health checks count separately");
    }

    [Test]
    public async Task Too_large_request_body_is_refused()
    {
        await using var gateway = await StartAsync(("MaxBodyBytes", "1024"));
        using var http = gateway.Http(gateway.Token("ada", "lobby", "moderate"));
        using var body = new StringContent(new string(' ', 2_000) + "{}", Encoding.UTF8, "application/json");
        using var answer = await http.PutAsync("/api/voice/channels/lobby/settings", body);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString(), Is.EqualTo("messageTooLarge"));
    }

    [Test]
    public async Task Sockets_above_the_limit_are_refused_before_the_upgrade()
    {
        await using var gateway = await StartAsync(("SocketsPerAddress:Burst", "1"), ("SocketsPerAddress:PerSecond", "1"));
        using var first = await gateway.ConnectAsync();
        var refused = Assert.ThrowsAsync<WebSocketException>(async () => (await gateway.ConnectAsync()).Dispose());
        Assert.That(refused!.Message, Does.Contain("429"));
    }

    [Test]
    public async Task Joins_and_resumes_from_one_address_above_the_limit_are_refused_with_the_time_to_wait()
    {
        await using var gateway = await StartAsync(("JoinsPerAddress:Burst", "1"), ("JoinsPerAddress:PerSecond", "1"));
        using var ada = await gateway.JoinAsync("ada");
        using var bob = await gateway.ConnectAsync();
        await bob.SendAsync($$"""{"type":"join","channel":"lobby","token":"{{gateway.Token("bob")}}"}""");
        await ExpectTooManyAsync(bob, "join");
        await bob.SendAsync("""{"type":"resume","channel":"lobby","resumeToken":"whatever"}""");
        await ExpectTooManyAsync(bob, "resume");
    }

    [TestCase("/health/ready")]
    [TestCase("/health/live")]
    [TestCase("/admin/session")]
    [TestCase("/admin/orleans/DashboardCounters")]
    [TestCase("/nowhere")]
    [TestCase("/")]
    public async Task Every_path_that_costs_a_verified_token_or_a_grain_call_is_limited(string path)
    {
        await using var gateway = await StartAsync(("RequestsPerAddress:Burst", "2"), ("RequestsPerAddress:PerSecond", "1"));
        using var http = gateway.Http(gateway.Token("ada"));
        // A claim to be gRPC does not help: gRPC is exempt only on its private address.
        foreach (var limited in new[] { false, false, true })
        {
            using var content = new StringContent("", null, "application/grpc");
            Assert.That((await http.PostAsync(path, content)).StatusCode == HttpStatusCode.TooManyRequests, Is.EqualTo(limited));
        }
    }

    [Test]
    public async Task Event_streams_of_one_identity_above_the_limit_are_refused()
    {
        await using var gateway = await StartAsync(("WatchesPerIdentity", "1"));
        using var http = gateway.Http(gateway.Token("ada", "lobby", "moderate"));
        using (await http.GetAsync("/api/voice/channels/lobby/events", HttpCompletionOption.ResponseHeadersRead))
        {
            using var refused = await http.GetAsync("/api/voice/channels/lobby/events", HttpCompletionOption.ResponseHeadersRead);
            Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
            using var other = gateway.Http(gateway.Token("bob", "lobby", "moderate"));
            using var allowed = await other.GetAsync("/api/voice/channels/lobby/events", HttpCompletionOption.ResponseHeadersRead);
            Assert.That(allowed.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    [Test]
    public async Task Event_streams_over_gRPC_share_the_limit_of_their_identity()
    {
        await using var gateway = await StartAsync(("WatchesPerIdentity", "1"));
        using var connection = GrpcChannel.ForAddress(gateway.GrpcUrl);
        var channels = new Channels.ChannelsClient(connection);
        var (ada, bob) = (Bearer("ada"), Bearer("bob"));
        using (var watch = channels.Watch(new WatchChannelRequest { Id = "lobby" }, ada))
        {
            Assert.That(await watch.ResponseStream.MoveNext(CancellationToken.None));
            using var refused = channels.Watch(new WatchChannelRequest { Id = "lobby" }, ada);
            ExpectTooMany(refused.ResponseStream);
            using var reflection = new ServerReflection.ServerReflectionClient(connection).ServerReflectionInfo(ada);
            ExpectTooMany(reflection.ResponseStream);
        }

        using var allowed = channels.Watch(new WatchChannelRequest { Id = "lobby" }, bob);
        Assert.That(await allowed.ResponseStream.MoveNext(CancellationToken.None));

        Metadata Bearer(string identity) => new() { { "authorization", $"Bearer {gateway.Token(identity, "lobby", "moderate")}" } };
    }

    [Test]
    public async Task Anonymous_streams_of_the_health_service_are_limited_per_address()
    {
        await using var gateway = await StartAsync(("WatchesPerIdentity", "1"));
        using var connection = GrpcChannel.ForAddress(gateway.GrpcUrl);
        var health = new HealthService.HealthClient(connection);
        using var first = health.Watch(new HealthCheckRequest());
        Assert.That(await first.ResponseStream.MoveNext(CancellationToken.None));
        using var refused = health.Watch(new HealthCheckRequest());
        ExpectTooMany(refused.ResponseStream);
        var check = await health.CheckAsync(new HealthCheckRequest());
        Assert.That(check.Status, Is.EqualTo(HealthCheckResponse.Types.ServingStatus.Serving), "a check is no stream");
    }

    [Test]
    public async Task Joins_of_one_identity_above_the_limit_are_refused_and_other_identities_may_join()
    {
        await using var gateway = await StartAsync(("JoinsPerIdentity:Burst", "1"), ("JoinsPerIdentity:PerSecond", "1"));
        using var ada = await gateway.JoinAsync("ada");
        using var again = await gateway.ConnectAsync();
        await again.SendAsync($$"""{"type":"join","channel":"lobby","token":"{{gateway.Token("ada")}}"}""");
        await ExpectTooManyAsync(again, "join");
        using var bob = await gateway.JoinAsync("bob");
    }

    [Test]
    public async Task Messages_above_the_limit_are_not_read_and_the_socket_stays_open()
    {
        await using var gateway = await StartAsync(("MessagesPerSession:Burst", "3"), ("MessagesPerSession:PerSecond", "1"));
        using var ada = await gateway.JoinAsync("ada");
        await ada.SendAsync("""{"type":"ping","id":1}""");
        await ada.SendAsync("""{"type":"ping","id":2}""");
        for (var i = 0; i < 20; i++)
            await ada.SendAsync("""{"type":"leave"}""");
        await ExpectTooManyAsync(ada, null);
        Assert.That(gateway.Registry.Sockets.Single().Closing, Is.Null);
    }

    [TestCase(
        "127.0.0.0/8",
        "198.51.100.1, 203.0.113.7",
        "198.51.100.2, 203.0.113.7",
        false,
        Description = "the last entry is the proxy's; clients may write the entries before it")]
    [TestCase("127.0.0.0/8", "203.0.113.7", "203.0.113.8", true)]
    [TestCase("10.0.0.0/8", "203.0.113.7", "203.0.113.8", false, Description = "an unknown proxy's header is ignored")]
    [TestCase(null, "203.0.113.7", "203.0.113.8", false)]
    public async Task Forwarded_client_addresses_are_limited_separately_only_behind_a_trusted_proxy(
        string? proxy, string first, string second, bool apart)
    {
        var settings = new List<(string, string)>
        {
            ("Hype:Limits:RequestsPerAddress:Burst", "1"),
            ("Hype:Limits:RequestsPerAddress:PerSecond", "1"),
        };
        if (proxy is not null)
            settings.Add(("Hype:Gateway:TrustedProxies:0", proxy));
        await using var gateway = await GatewayHost.StartAsync("Production", [.. settings]);
        Assert.That(await AskAsync(first), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await AskAsync(second), Is.EqualTo(apart ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests));

        async Task<HttpStatusCode> AskAsync(string forwardedFor)
        {
            using var http = gateway.Http();
            http.DefaultRequestHeaders.Add("X-Forwarded-For", forwardedFor);
            return (await http.GetAsync("/api/voice/regions")).StatusCode;
        }
    }

    private static Task<GatewayHost> StartAsync(params (string Key, string Value)[] limits) =>
        GatewayHost.StartAsync("Production", [.. limits.Select(limit => ($"Hype:Limits:{limit.Key}", limit.Value))]);

    private static async Task ExpectTooManyAsync(HttpResponseMessage answer)
    {
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(answer.Headers.RetryAfter!.Delta, Is.GreaterThan(TimeSpan.Zero));
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.That(problem.GetProperty("code").GetString(), Is.EqualTo("tooManyRequests"));
        Assert.That(problem.GetProperty("retryable").GetBoolean(), Is.True);
        Assert.That(problem.GetProperty("retryAfterMs").GetInt64(), Is.GreaterThan(0));
    }

    private static void ExpectTooMany<T>(IAsyncStreamReader<T> stream)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var refusal = Assert.ThrowsAsync<RpcException>(async () => await stream.MoveNext(limit.Token));
        Assert.That(
            (refusal!.StatusCode, refusal.Trailers.GetValue(GrpcErrors.ErrorTrailer)),
            Is.EqualTo((StatusCode.ResourceExhausted, "tooManyRequests")));
    }

    private static async Task ExpectTooManyAsync(VoiceClient client, string? inReplyTo)
    {
        var error = await client.ExpectAsync("error");
        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("tooManyRequests"));
        Assert.That(error.GetProperty("retryAfterMs").GetInt64(), Is.GreaterThan(0));
        Assert.That(error.TryGetProperty("inReplyTo", out var type) ? type.GetString() : null, Is.EqualTo(inReplyTo));
    }
}
