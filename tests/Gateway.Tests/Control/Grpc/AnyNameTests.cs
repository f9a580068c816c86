using Grpc.Core;
using Hype.Control.V1;
using Hype.Gateway.Errors;
using Hype.Gateway.Tests.Testing;
using Tokens = Hype.Control.V1.Tokens;

namespace Hype.Gateway.Tests.Control.Grpc;

/// <summary>Tests that gRPC calls reach exactly the identity and the channel that the request names, and refuse invalid ones.</summary>
public sealed class AnyNameTests() : GrpcFixture("Production")
{
    private Tokens.TokensClient Minting => new(Connection);

    private Metadata Admin => Bearer(Gateway.Token("root", "*", "moderate"));

    [TestCaseSource(typeof(NameSamples), nameof(NameSamples.Valid))]
    public async Task Ban_lift_and_token_have_exactly_the_given_identity(string identity)
    {
        await Channels.BanAsync(
            new BanRequest { Channel = "lobby", Ban = new BannedIdentity { Identity = identity, Reason = "noise" } }, Admin);
        await Lobby.Called($"SetBan {identity} noise");
        await Channels.UnbanAsync(new UnbanRequest { Channel = "lobby", Identity = identity }, Admin);
        await Lobby.Called($"LiftBan {identity}");
        await Channels.LiftRestrictionAsync(new LiftRestrictionRequest { Channel = "lobby", Identity = identity }, Admin);
        await Lobby.Called($"LiftRestriction {identity}");
        var minted = await Minting.MintAsync(
            new MintTokenRequest { Identity = identity, Channels = { "lobby" }, Grants = { "join" } }, Admin);
        using var client = await Gateway.ConnectAsync();
        await client.SendAsync($$"""{"type":"join","channel":"lobby","token":"{{minted.Token}}"}""");
        Assert.That((await client.ExpectAsync("welcome")).GetProperty("identity").GetString(), Is.EqualTo(identity));
    }

    [TestCaseSource(typeof(NameSamples), nameof(NameSamples.Valid))]
    public async Task Moderator_of_a_channel_reaches_exactly_the_given_channel(string name)
    {
        var channel = NameSamples.ChannelOf(name);
        var moderator = Bearer(Gateway.Token("ada", channel, "moderate"));
        await Participants.MuteAsync(new MuteRequest { Channel = channel, Number = 1, Muted = true }, moderator);
        await Gateway.Cluster.Channel(channel).Called("SetServerMute 1 True");
        await Channels.CloseAsync(new CloseChannelRequest { Id = channel }, moderator);
        await Gateway.Cluster.Channel(channel).Called("Close False");
    }

    [TestCaseSource(typeof(NameSamples), nameof(NameSamples.Invalid))]
    public void Invalid_identity_is_refused_with_its_flaw_by_every_call(string identity, string flaw)
    {
        Refused(() => Channels.BanAsync(
            new BanRequest { Channel = "lobby", Ban = new BannedIdentity { Identity = identity } }, Admin).ResponseAsync);
        Refused(() => Channels.UnbanAsync(new UnbanRequest { Channel = "lobby", Identity = identity }, Admin).ResponseAsync);
        Refused(() => Channels.LiftRestrictionAsync(
            new LiftRestrictionRequest { Channel = "lobby", Identity = identity }, Admin).ResponseAsync);
        Refused(() => Minting.MintAsync(
            new MintTokenRequest { Identity = identity, Channels = { "lobby" }, Grants = { "join" } }, Admin).ResponseAsync);
        Assert.That(Lobby.Calls, Is.Empty);

        void Refused(Func<Task> call)
        {
            var refusal = Assert.ThrowsAsync<RpcException>(() => call());
            Assert.That(
                (refusal!.StatusCode, refusal.Trailers.GetValue(GrpcErrors.ErrorTrailer)),
                Is.EqualTo((StatusCode.InvalidArgument, "invalidName")));
            Assert.That(refusal.Status.Detail, Does.Contain(flaw));
        }
    }

    [TestCase("lob\u200bby", "U+200B")]
    [TestCase("two*words", "*")]
    public void Invalid_channel_id_is_refused_with_its_flaw(string channel, string flaw)
    {
        var refusal = Assert.ThrowsAsync<RpcException>(
            () => Channels.CloseAsync(new CloseChannelRequest { Id = channel }, Admin).ResponseAsync);
        Assert.That(
            (refusal!.StatusCode, refusal.Trailers.GetValue(GrpcErrors.ErrorTrailer)),
            Is.EqualTo((StatusCode.InvalidArgument, "invalidChannel")));
        Assert.That(refusal.Status.Detail, Does.Contain(flaw));
    }

    private static Metadata Bearer(string token) => new() { { "authorization", $"Bearer {token}" } };
}
