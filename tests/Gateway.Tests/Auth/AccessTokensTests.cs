using Hype.Gateway.Auth;
using Hype.Gateway.Tests.Testing;
using Hype.Grains.Abstractions.Participants;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;

namespace Hype.Gateway.Tests.Auth;

public sealed class AccessTokensTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] JoinOnly = ["join"];
    private const string OtherSecret = "another-secret-of-the-tests-with-more-than-32-bytes";

    private readonly AccessTokens _tokens = new(
        Options.Create(new AuthOptions
        {
            Keys = [
                new ApiKeyOptions { Id = GatewayHost.ApiKey, Secret = GatewayHost.Secret },
                new ApiKeyOptions { Id = "other", Secret = OtherSecret }],
        }),
        new FakeTimeProvider(Now));

    [Test]
    public async Task Valid_token_is_read_into_identity_name_and_known_grants()
    {
        var access = await _tokens.ReadAsync(Mint("team-*", grants: ["join", "listen", "fly"]));
        Assert.That(access!.Identity, Is.EqualTo("ada"));
        Assert.That(access.Name, Is.EqualTo("Name of ada"));
        Assert.That(access.Grants, Is.EqualTo(Grants.Join | Grants.Listen), "unknown grants grant nothing");
    }

    [TestCase("hype-eu", true)]
    [TestCase("hype-us", false)]
    [TestCase(null, false)]
    public async Task Token_of_another_audience_is_invalid_if_the_deployment_has_one(string? audience, bool valid)
    {
        var options = new AuthOptions { Keys = [new ApiKeyOptions { Id = GatewayHost.ApiKey, Secret = GatewayHost.Secret }] };
        var issuer = new AccessTokens(Options.Create(options with { Audience = audience ?? "" }), new FakeTimeProvider(Now));
        var token = issuer.MintGuest("ada", "Ada", "lobby");
        var here = new AccessTokens(Options.Create(options with { Audience = "hype-eu" }), new FakeTimeProvider(Now));
        Assert.That(await here.ReadAsync(token) is not null, Is.EqualTo(valid));
        Assert.That(await _tokens.ReadAsync(token), Is.Not.Null, "a deployment without an audience accepts every one");
    }

    [TestCase("lobby", "lobby", true)]
    [TestCase("lobby", "lobby2", false)]
    [TestCase("lobby", "Lobby", false)]
    [TestCase("team-*", "team-a", true)]
    [TestCase("team-*", "team", false)]
    [TestCase("*", "anything", true)]
    [TestCase("te*am", "te*am", false, Description = "a star has a meaning only at the end")]
    public async Task Channel_pattern_matches_the_exact_id_or_a_prefix_marked_by_a_final_asterisk(
        string pattern, string channel, bool allowed)
    {
        var access = await _tokens.ReadAsync(Mint(pattern, JoinOnly));
        var id = ChannelId.TryParse(channel, out var parsed) ? parsed : ChannelId.Parse("team");
        Assert.That(access!.Allows(Grants.Join, id), Is.EqualTo(allowed));
        Assert.That(access.Allows(Grants.Moderate, id), Is.False);
    }

    [Test]
    public async Task Token_with_several_channel_patterns_is_valid_for_channels_matching_any_pattern()
    {
        var access = await _tokens.ReadAsync(Mint(new[] { "a", "b-*" }, JoinOnly));
        Assert.That(access!.Allows(Grants.Join, ChannelId.Parse("b-1")), Is.True);
    }

    [Test]
    public async Task Time_of_issue_is_iat_else_nbf_else_the_minimum_date()
    {
        Assert.That(
            (await _tokens.ReadAsync(
                Tokens.Mint(
                    "ada", "*", Now.AddHours(1), JoinOnly, issuedAt: Now.AddMinutes(-2), notBefore: Now.AddMinutes(-1))))!.IssuedAt,
            Is.EqualTo(Now.AddMinutes(-2)));
        Assert.That(
            (await _tokens.ReadAsync(Tokens.Mint("ada", "*", Now.AddHours(1), JoinOnly, notBefore: Now.AddMinutes(-1))))!.IssuedAt,
            Is.EqualTo(Now.AddMinutes(-1)));
        var token = await _tokens.ReadAsync(Mint("*", JoinOnly));
        Assert.That(token!.IssuedAt, Is.EqualTo(DateTimeOffset.MinValue));
        Assert.That(token.Expires, Is.EqualTo(Now.AddHours(1)));
    }

    [Test]
    public async Task Guest_token_has_every_grant_in_the_requested_channel_and_none_in_other_channels()
    {
        var access = await _tokens.ReadAsync(_tokens.MintGuest("guest-1", "Ada", "lobby"));
        Assert.That(access!.Name, Is.EqualTo("Ada"));
        Assert.That(access.Allows(Grants.Join | Grants.Speak | Grants.Listen | Grants.Moderate, ChannelId.Parse("lobby")), Is.True);
        Assert.That(access.Allows(Grants.Join, ChannelId.Parse("lobby2")), Is.False);
    }

    private static IEnumerable<TestCaseData> Refused()
    {
        yield return Case("expired", Tokens.Mint("ada", "*", Now.AddMinutes(-1), JoinOnly));
        yield return Case("not yet valid", Tokens.Mint("ada", "*", Now.AddHours(1), JoinOnly, notBefore: Now.AddMinutes(5)));
        yield return Case(
            "longer than the longest lifetime", Tokens.Mint("ada", "*", Now.AddDays(6), JoinOnly, issuedAt: Now.AddDays(-2)));
        yield return Case("longer than the longest lifetime, without a beginning", Tokens.Mint("ada", "*", Now.AddDays(8), JoinOnly));
        yield return Case(
            "issued in the future, to outlive a revocation",
            Tokens.Mint("ada", "*", Now.AddHours(1), JoinOnly, issuedAt: Now.AddMinutes(5)));
        yield return Case(
            "signed with another secret",
            Tokens.Mint("ada", "*", Now.AddHours(1), JoinOnly, secret: "a-foreign-secret-with-more-than-32-bytes"));
        yield return Case("of an unknown key", Tokens.Mint("ada", "*", Now.AddHours(1), JoinOnly, issuer: "unknown"));
        yield return Case(
            "signed with one key under the id of another", Tokens.Mint("ada", "*", Now.AddHours(1), JoinOnly, issuer: "other"));
        yield return Case(
            "of another algorithm",
            Tokens.Mint("ada", "*", Now.AddHours(1), JoinOnly, secret: new string('s', 64), algorithm: SecurityAlgorithms.HmacSha512));
        yield return Case("without a subject", Tokens.Mint("", "*", Now.AddHours(1), JoinOnly));
        yield return Case("with a control character in the identity", Tokens.Mint("a\nb", "*", Now.AddHours(1), JoinOnly));
        yield return Case("with an endless identity", Tokens.Mint(new string('a', 129), "*", Now.AddHours(1), JoinOnly));
        yield return Case("unsigned", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEiLCJleHAiOjQxMDI0NDQ4MDB9.");
        yield return Case("nonsense", "nonsense");
        yield return Case("empty", "");

        static TestCaseData Case(string name, string token) => new TestCaseData(token).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Refused))]
    public async Task Token_with_an_invalid_lifetime_or_signature_or_identity_is_rejected(string token) =>
        Assert.That(await _tokens.ReadAsync(token), Is.Null);

    private static string Mint(object channels, string[] grants) => Tokens.Mint("ada", channels, Now.AddHours(1), grants);
}
