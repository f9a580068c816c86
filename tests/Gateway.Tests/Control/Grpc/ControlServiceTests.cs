using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using Hype.Control.V1;
using Hype.Gateway.Errors;
using Hype.Gateway.Tests.Testing;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ChannelEvent = Hype.Control.V1.ChannelEvent;
using Enum = System.Enum;
using HealthService = Grpc.Health.V1.Health;
using ModePolicy = Hype.Control.V1.ModePolicy;
using Tokens = Hype.Control.V1.Tokens;

namespace Hype.Gateway.Tests.Control.Grpc;

/// <summary>Tests the gRPC services of hype.control.v1 over real HTTP/2 without TLS, as a back-office server calls them.</summary>
public sealed class ControlServiceTests : GrpcFixture
{
    [Test]
    public async Task Call_with_no_token_or_with_a_token_without_the_required_grant_is_refused()
    {
        await RefusedAsync(
            StatusCode.Unauthenticated, null, token => Channels.GetAsync(new GetChannelRequest { Id = "lobby" }, token).ResponseAsync);
        await RefusedAsync(
            StatusCode.PermissionDenied,
            Gateway.Token("ada", "other", "moderate"),
            token => Channels.GetAsync(new GetChannelRequest { Id = "lobby" }, token).ResponseAsync);
        await RefusedAsync(
            StatusCode.PermissionDenied,
            Gateway.Token("ada", "*", "join", "speak"),
            token => Participants.KickAsync(new KickRequest { Channel = "lobby", Number = 1 }, token).ResponseAsync);
        var moderator = Gateway.Token("ada", "lobby", "moderate");
        await RefusedAsync(
            StatusCode.PermissionDenied,
            moderator,
            token => new Nodes.NodesClient(Connection).ListAsync(new ListNodesRequest(), token).ResponseAsync);
        await RefusedAsync(
            StatusCode.PermissionDenied,
            moderator,
            token => new Tokens.TokensClient(Connection).MintAsync(new MintTokenRequest(), token).ResponseAsync);
        await RefusedAsync(
            StatusCode.PermissionDenied,
            moderator,
            token => Participants.MoveAsync(new MoveRequest { Channel = "lobby", Number = 1, To = "other" }, token).ResponseAsync);
    }

    [Test]
    public async Task Get_returns_channel_and_participant_state_and_refuses_unknown_or_invalid_names()
    {
        using var ada = await Gateway.JoinAsync("ada");
        var channel = await Channels.GetAsync(new GetChannelRequest { Id = "lobby" }, Admin);
        Assert.That(
            (channel.Id, channel.Current.Mode, channel.Current.Reason, channel.Participants.Single().Identity),
            Is.EqualTo(("lobby", Mode.P2P, "created", "ada")));
        Assert.That(channel.Participants[0].Grants, Is.EqualTo(new[] { "join", "speak", "listen" }));
        Assert.That(
            (await Participants.GetAsync(new GetParticipantRequest { Channel = "lobby", Number = 1 }, Admin)).Identity,
            Is.EqualTo("ada"));
        Assert.That(
            await StatusOf(Participants.GetAsync(new GetParticipantRequest { Channel = "lobby", Number = 9 }, Admin).ResponseAsync),
            Is.EqualTo((StatusCode.NotFound, "unknownParticipant")));
        Assert.That(
            await StatusOf(Channels.GetAsync(new GetChannelRequest { Id = "nobody" }, Admin).ResponseAsync),
            Is.EqualTo((StatusCode.NotFound, "unknownChannel")));
        Assert.That(
            await StatusOf(Channels.GetAsync(new GetChannelRequest { Id = "two*words" }, Admin).ResponseAsync),
            Is.EqualTo((StatusCode.InvalidArgument, "invalidChannel")));
    }

    [Test]
    public async Task Mode_p2p_is_refused_to_a_moderator_of_one_channel()
    {
        var moderator = new Metadata { { "authorization", $"Bearer {Gateway.Token("ada", "lobby", "moderate")}" } };
        var settings = new Settings { Mode = ModePolicy.P2P };
        var refusals = new[]
        {
            Assert.ThrowsAsync<RpcException>(
                async () => await Channels.CreateAsync(new CreateChannelRequest { Id = "lobby", Settings = settings }, moderator)),
            Assert.ThrowsAsync<RpcException>(
                async () => await Channels.UpdateAsync(new UpdateChannelRequest { Id = "lobby", Settings = settings }, moderator)),
        };
        Assert.That(refusals.Select(refusal => refusal!.StatusCode), Is.All.EqualTo(StatusCode.PermissionDenied));
        await Channels.UpdateAsync(new UpdateChannelRequest { Id = "lobby", Settings = settings }, Admin);
        await Lobby.Called("UpdateSettings P2P ");
    }

    [Test]
    public async Task Each_gRPC_call_invokes_the_matching_method_of_the_channel_grain()
    {
        using var ada = await Gateway.JoinAsync("ada");
        await Channels.CreateAsync(
            new CreateChannelRequest { Id = "lobby", Settings = new Settings { Mode = ModePolicy.Sfu, Name = "Lobby" } }, Admin);
        await Lobby.Called("Create Sfu Lobby");
        await Channels.UpdateAsync(new UpdateChannelRequest { Id = "lobby", Settings = new Settings { MaxParticipants = 5 } }, Admin);
        await Lobby.Called("UpdateSettings Auto 5");
        var muted = await Participants.MuteAsync(new MuteRequest { Channel = "lobby", Number = 1, Muted = true }, Admin);
        await Lobby.Called("SetServerMute 1 True");
        Assert.That(muted.Storage, Is.EqualTo(Storage.Stored));
        Lobby.Moderation = ModerationResult.NotStored;
        var kicked = await Participants.KickAsync(new KickRequest { Channel = "lobby", Number = 1 }, Admin);
        Assert.That(kicked.Storage, Is.EqualTo(Storage.NotStored));
        await Lobby.Called("Kick 1");
        await Participants.MoveAsync(new MoveRequest { Channel = "lobby", Number = 1, To = "stage" }, Admin);
        await Lobby.Called("Move 1 stage");
        await Participants.SetGrantsAsync(new SetGrantsRequest { Channel = "lobby", Number = 1, Grants = { "join", "listen" } }, Admin);
        await Lobby.Called("SetGrants 1 Join, Listen");
        await Participants.SetAttributesAsync(
            new SetAttributesRequest { Channel = "lobby", Number = 1, Attributes = { { "role", "host" } } }, Admin);
        await Lobby.Called("SetAttributes 1 role=host");
        await Channels.BanAsync(
            new BanRequest { Channel = "lobby", Ban = new BannedIdentity { Identity = "mallory", Reason = "noise" } }, Admin);
        await Lobby.Called("SetBan mallory noise");
        var slashed = new BannedIdentity { Identity = "github/42 %2F" };
        await Channels.BanAsync(new BanRequest { Channel = "lobby", Ban = slashed }, Admin);
        await Lobby.Called("SetBan github/42 %2F ");
        Assert.That(
            await StatusOf(Channels.BanAsync(
                new BanRequest { Channel = "lobby", Ban = new BannedIdentity { Identity = "evil\u202egpj" } }, Admin).ResponseAsync),
            Is.EqualTo((StatusCode.InvalidArgument, "invalidName")));
        Assert.That(
            (await Channels.ListBansAsync(new ListBansRequest { Channel = "lobby" }, Admin)).Bans.Single().Identity,
            Is.EqualTo("mallory"));
        var over = new BannedIdentity { Identity = "mallory", Until = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch) };
        Assert.That(
            await StatusOf(Channels.BanAsync(new BanRequest { Channel = "lobby", Ban = over }, Admin).ResponseAsync),
            Is.EqualTo((StatusCode.InvalidArgument, "badMessage")));
        await Channels.UnbanAsync(new UnbanRequest { Channel = "lobby", Identity = "mallory" }, Admin);
        await Lobby.Called("LiftBan mallory");
        var restricted = (await Channels.ListRestrictionsAsync(new ListRestrictionsRequest { Channel = "lobby" }, Admin)).Restrictions
            .Single();
        Assert.That(
            (restricted.Identity, restricted.ServerMuted, restricted.Denied.Single()), Is.EqualTo(("mallory", true, "speak")));
        var lifted = await Channels.LiftRestrictionAsync(new LiftRestrictionRequest { Channel = "lobby", Identity = "mallory" }, Admin);
        Assert.That(lifted.Storage, Is.EqualTo(Storage.NotStored));
        await Lobby.Called("LiftRestriction mallory");
        await Channels.CloseAsync(new CloseChannelRequest { Id = "lobby", Forget = true }, Admin);
        await Lobby.Called("Close True");
    }

    [Test]
    public async Task Every_error_has_a_gRPC_status_and_the_error_code_in_the_trailer()
    {
        foreach (var error in Enum.GetValues<VoiceError>().Where(error => error != VoiceError.None))
        {
            Lobby.Refusal = error;
            var (status, code) =
                await StatusOf(Participants.KickAsync(new KickRequest { Channel = "lobby", Number = 1 }, Admin).ResponseAsync);
            Assert.That(code, Is.EqualTo(VoiceErrors.Describe(error).Name));
            Assert.That(status, Is.Not.AnyOf(StatusCode.OK, StatusCode.Unknown));
            // A retryable error must have a retryable status, for clients that decide by status alone.
            Assert.That(
                status is StatusCode.Unavailable or StatusCode.ResourceExhausted or StatusCode.Internal,
                Is.EqualTo(VoiceErrors.Describe(error).Retryable),
                code);
        }
    }

    [Test]
    public async Task Failed_grain_call_is_answered_with_unavailable()
    {
        Lobby.Failure = new TimeoutException();
        Assert.That(
            await StatusOf(Participants.KickAsync(new KickRequest { Channel = "lobby", Number = 1 }, Admin).ResponseAsync),
            Is.EqualTo((StatusCode.Unavailable, "unavailable")));
    }

    [Test]
    public async Task Watch_starts_with_a_snapshot_followed_by_the_events_in_order()
    {
        using var ada = await Gateway.JoinAsync("ada");
        using var watch = Channels.Watch(new WatchChannelRequest { Id = "lobby" }, Admin);
        Assert.That((await NextAsync(watch)).Snapshot.Participants.Single().Identity, Is.EqualTo("ada"));
        Lobby.News.Writer.TryWrite(
            new ChannelNews(
                1,
                DateTimeOffset.UnixEpoch,
                new MemberLeft(new MemberNumber(1), "ada", Hype.Grains.Abstractions.Participants.LeaveReason.Kicked)));
        Lobby.News.Writer.TryWrite(
            new ChannelNews(2, DateTimeOffset.UnixEpoch, new SettingsChanged(new ChannelSettings { Name = "Lobby" })));
        var left = await NextAsync(watch);
        Assert.That((left.Number, left.Left.Identity, left.Left.Reason), Is.EqualTo((1L, "ada", "kicked")));
        var settings = await NextAsync(watch);
        Assert.That((settings.Number, settings.Settings.Name), Is.EqualTo((2L, "Lobby")));
        await Lobby.Called("ReadNews 2");
    }

    [Test]
    public async Task Watch_resumes_after_the_last_delivered_event_when_grain_calls_fail()
    {
        Lobby.Failure = new TimeoutException();
        using var watch = Channels.Watch(new WatchChannelRequest { Id = "lobby", After = 41 }, Admin);
        await Lobby.Called("ReadNews 41");
        Lobby.Failure = null;
        Lobby.News.Writer.TryWrite(
            new ChannelNews(
                42,
                DateTimeOffset.UnixEpoch,
                new MemberLeft(new MemberNumber(1), "ada", Hype.Grains.Abstractions.Participants.LeaveReason.Left)));
        var next = NextAsync(watch);
        while (!next.IsCompleted)
        {
            Gateway.Time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Yield();
        }

        Assert.That((await next).Number, Is.EqualTo(42));
    }

    [Test]
    public void Http2_keep_alive_pings_are_sent_at_least_every_15_seconds()
    {
        var http2 = Gateway.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.Http2;
        Assert.That(http2.KeepAlivePingDelay, Is.LessThanOrEqualTo(TimeSpan.FromSeconds(15)));
        Assert.That(http2.KeepAlivePingTimeout, Is.LessThan(TimeSpan.FromMinutes(1)), "a client that does not answer is closed");
    }

    [Test]
    public async Task Explanation_contains_a_sentence_for_the_mode_and_for_each_room()
    {
        using var ada = await Gateway.JoinAsync("ada");
        var explanation = await Channels.ExplainAsync(new ExplainChannelRequest { Id = "lobby" }, Admin);
        Assert.That(explanation.ModeBecause, Is.EqualTo("1 member: a mesh carries up to 8."));
        Assert.That(explanation.Rooms.Single().Because, Does.StartWith("This node had"));
        Assert.That(explanation.Rooms[0].Slots, Is.EqualTo(new uint[] { 1, 0 }));
        Assert.That((explanation.Links.Single().Up, explanation.History.Single().Mode.Committed), Is.EqualTo((true, true)));
    }

    [Test]
    public async Task Valid_token_request_returns_a_token_and_an_invalid_request_is_refused()
    {
        var tokens = new Tokens.TokensClient(Connection);
        var minted = await tokens.MintAsync(
            new MintTokenRequest
            {
                Identity = "ada",
                Channels = { "lobby" },
                Grants = { "join", "speak" },
                Lifetime = Duration.FromTimeSpan(TimeSpan.FromMinutes(5)),
            },
            Admin);
        Assert.That(minted.ExpiresAt.ToDateTimeOffset(), Is.EqualTo(Gateway.Time.GetUtcNow().AddMinutes(5)));
        using var client = await Gateway.ConnectAsync();
        await client.SendAsync($$"""{"type":"join","channel":"lobby","token":"{{minted.Token}}"}""");
        Assert.That((await client.ExpectAsync("welcome")).GetProperty("identity").GetString(), Is.EqualTo("ada"));

        foreach (var bad in new[]
        {
            new MintTokenRequest { Channels = { "lobby" }, Grants = { "join" } },
            new MintTokenRequest { Identity = "ada", Grants = { "join" } },
            new MintTokenRequest { Identity = "ada", Channels = { "two*words" }, Grants = { "join" } },
            new MintTokenRequest { Identity = "ada", Channels = { "lobby" }, Grants = { "fly" } },
            new MintTokenRequest
            {
                Identity = "ada",
                Channels = { "lobby" },
                Grants = { "join" },
                Lifetime = new Duration { Seconds = -1 },
            },
            new MintTokenRequest
            {
                Identity = "ada",
                Channels = { "lobby" },
                Grants = { "join" },
                Lifetime = new Duration { Seconds = long.MaxValue },
            },
        })
            Assert.That(
                await StatusOf(tokens.MintAsync(bad, Admin).ResponseAsync),
                Is.EqualTo((StatusCode.InvalidArgument, bad.Identity.Length == 0 ? "invalidName" : "badMessage")),
                bad.ToString());
    }

    [Test]
    public async Task Reflection_and_health_services_require_no_token()
    {
        Assert.That(
            (await new HealthService.HealthClient(Connection).CheckAsync(new HealthCheckRequest())).Status,
            Is.EqualTo(HealthCheckResponse.Types.ServingStatus.Serving));
        using var reflection = new ServerReflection.ServerReflectionClient(Connection).ServerReflectionInfo();
        await reflection.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        await reflection.ResponseStream.MoveNext(CancellationToken.None);
        Assert.That(
            reflection.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name),
            Is.SupersetOf(new[] { "hype.control.v1.Channels", "hype.control.v1.Tokens" }));
    }

    private Metadata Admin => Bearer(Gateway.Token("admin", "*", "moderate"));

    private static Metadata Bearer(string token) => new() { { "authorization", $"Bearer {token}" } };

    private static async Task RefusedAsync(StatusCode status, string? token, Func<Metadata?, Task> call) =>
        Assert.That((await StatusOf(call(token is null ? null : Bearer(token)))).Status, Is.EqualTo(status));

    private static async Task<(StatusCode Status, string? Code)> StatusOf(Task call)
    {
        try
        {
            await call;
            return (StatusCode.OK, null);
        }
        catch (RpcException exception)
        {
            return (exception.StatusCode, exception.Trailers.GetValue(GrpcErrors.ErrorTrailer));
        }
    }

    private static async Task<ChannelEvent> NextAsync(AsyncServerStreamingCall<ChannelEvent> watch)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        Assert.That(await watch.ResponseStream.MoveNext(timeout.Token));
        return watch.ResponseStream.Current;
    }
}
