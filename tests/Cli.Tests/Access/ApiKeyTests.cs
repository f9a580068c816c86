using Hype.Cli.Access;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Hype.Cli.Tests.Access;

public sealed class ApiKeyTests
{
    private const string Secret = "a-secret-of-the-tests-with-more-than-32-bytes";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero));

    [Test]
    public void Minted_token_contains_identity_grants_channels_and_expiry()
    {
        var minted = new ApiKey("office", Secret)
            .Mint(new TokenRequest("ada", "Ada", "lob*", ["join", "speak"], TimeSpan.FromMinutes(5)), _time);
        var token = new JsonWebToken(minted.Token);
        Assert.Multiple(() =>
        {
            Assert.That((token.Issuer, token.Subject, token.Alg), Is.EqualTo(("office", "ada", "HS256")));
            Assert.That(token.GetClaim("name").Value, Is.EqualTo("Ada"));
            Assert.That(token.GetClaim("channels").Value, Is.EqualTo("lob*"));
            Assert.That(
                token.Claims.Where(claim => claim.Type == "grants").Select(claim => claim.Value), Is.EqualTo(new[] { "join", "speak" }));
            Assert.That(new DateTimeOffset(token.ValidTo), Is.EqualTo(minted.Expires).And.EqualTo(_time.GetUtcNow().AddMinutes(5)));
        });
    }

    [Test]
    public void Bearer_token_signed_with_an_API_key_grants_moderation_of_all_channels_for_two_minutes()
    {
        var credentials = Credentials.From(name => name switch { "HYPE_API_KEY_ID" => "office", "HYPE_API_SECRET" => Secret, _ => null });
        var token = new JsonWebToken(credentials.BearerToken(_time));
        Assert.That(new DateTimeOffset(token.ValidTo) - _time.GetUtcNow(), Is.LessThanOrEqualTo(TimeSpan.FromMinutes(2)));
        Assert.That(token.Claims.Where(claim => claim.Type is "channels" or "grants")
            .Select(claim => claim.Value), Is.EquivalentTo(new[] { "*", "moderate" }));
    }

    [Test]
    public void Token_from_the_environment_is_sent_unchanged() =>
        Assert.That(Credentials.From(name => name == "HYPE_TOKEN" ? "a.b.c" : null).BearerToken(_time), Is.EqualTo("a.b.c"));

    [Test]
    public void API_key_converted_to_text_does_not_contain_the_secret() =>
        Assert.That(new ApiKey("office", Secret).ToString(), Does.Not.Contain(Secret));
}
