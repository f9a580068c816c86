using System.Security.Cryptography;
using System.Text;
using Hype.Gateway.Auth;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Hype.Gateway.Tests.Auth;

/// <summary>Tests which keys of the configuration verify a token, and which key signs one.</summary>
public sealed class SigningKeysTests
{
    private const string Issuer = "app";
    private const string OldSecret = "the-old-secret-of-the-application-32";
    private const string NewSecret = "the-new-secret-of-the-application-32";

    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly ECDsa _old = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _new = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [OneTimeTearDown]
    public void TearDown()
    {
        _old.Dispose();
        _new.Dispose();
    }

    [TestCase(null)]
    [TestCase("2026-11")]
    public async Task Token_signed_with_the_private_key_is_valid(string? keyId)
    {
        var tokens = Reader(Public("2026-11", _new));
        Assert.That((await tokens.ReadAsync(Sign(_new, keyId)))?.Identity, Is.EqualTo("ada"));
        Assert.That(await tokens.ReadAsync(Sign(_old, keyId)), Is.Null);
    }

    [Test]
    public async Task Token_signed_with_either_key_of_a_rotation_is_valid_unless_kid_names_another_key()
    {
        var tokens = Reader(Public("old", _old), Public("new", _new));
        Assert.That(await tokens.ReadAsync(Sign(_old, "old")), Is.Not.Null);
        Assert.That(await tokens.ReadAsync(Sign(_new, "new")), Is.Not.Null);
        Assert.That(await tokens.ReadAsync(Sign(_old, keyId: null)), Is.Not.Null, "without kid all are tried");
        Assert.That(await tokens.ReadAsync(Sign(_new, keyId: null)), Is.Not.Null);
        Assert.That(await tokens.ReadAsync(Sign(_old, "new")), Is.Null, "kid names one, and no other is tried");
        Assert.That(await tokens.ReadAsync(Sign(_old, "gone")), Is.Null);
    }

    [Test]
    public async Task Token_signed_with_either_secret_of_a_rotation_is_valid_unless_kid_names_the_other_secret()
    {
        var tokens = Reader(Secret("old", OldSecret), Secret("new", NewSecret));
        Assert.That(await tokens.ReadAsync(Sign(OldSecret, "old")), Is.Not.Null);
        Assert.That(await tokens.ReadAsync(Sign(NewSecret, null)), Is.Not.Null);
        Assert.That(await tokens.ReadAsync(Sign(OldSecret, "new")), Is.Null);
    }

    [TestCase("new")]
    [TestCase(null)]
    public async Task Token_signed_with_a_public_key_as_HMAC_secret_is_refused(string? keyId)
    {
        // The public key is public: a token signed with its text as an HMAC secret must be refused.
        var tokens = Reader(Public("new", _new));
        Assert.That(await tokens.ReadAsync(Sign(_new.ExportSubjectPublicKeyInfoPem(), keyId)), Is.Null);
        Assert.That(await tokens.ReadAsync(Sign(Encoding.UTF8.GetString(_new.ExportSubjectPublicKeyInfo()), keyId)), Is.Null);
    }

    [Test]
    public async Task Token_signed_with_a_key_of_another_issuer_is_refused()
    {
        var tokens = Reader(
            Public("new", _new), new ApiKeyOptions { Id = "other", KeyId = "old", PublicKey = _old.ExportSubjectPublicKeyInfoPem() });
        Assert.That(await tokens.ReadAsync(Sign(_old, "old")), Is.Null);
        Assert.That(await tokens.ReadAsync(Sign(_old, null)), Is.Null);
    }

    [Test]
    public async Task Renewed_token_is_signed_with_the_configured_refresh_key_else_with_the_first_secret()
    {
        var keys =
            new[]
            {
                Public("new", _new),
                new ApiKeyOptions { Id = "other", Secret = OldSecret },
                new ApiKeyOptions { Id = "own", Secret = NewSecret },
            };
        var read = await Reader(keys).ReadAsync(Sign(_new, "new"));
        foreach (var (refreshKey, issuer) in new[] { ("", "other"), ("own", "own") })
        {
            var tokens = new AccessTokens(
                Options.Create(new AuthOptions { Keys = keys, RefreshKey = refreshKey }), new FakeTimeProvider(Now));
            var renewed = tokens.Renew(read!, Now, TimeSpan.FromHours(1));
            Assert.That(new JsonWebToken(renewed).Issuer, Is.EqualTo(issuer));
            var again = await tokens.ReadAsync(renewed);
            Assert.That((again!.Identity, again.Name, again.Grants), Is.EqualTo((read!.Identity, read.Name, read.Grants)));
            Assert.That(again.Channels, Is.EqualTo(read.Channels));
        }
    }

    [Test]
    public void Gateway_with_only_public_keys_cannot_mint_tokens() => Assert.That(Reader(Public("new", _new)).CanMint, Is.False);

    private static ApiKeyOptions Public(string keyId, ECDsa key) =>
        new() { Id = Issuer, KeyId = keyId, PublicKey = key.ExportSubjectPublicKeyInfoPem() };

    private static ApiKeyOptions Secret(string keyId, string secret) => new() { Id = Issuer, KeyId = keyId, Secret = secret };

    private static AccessTokens Reader(params ApiKeyOptions[] keys) =>
        new(Options.Create(new AuthOptions { Keys = keys }), new FakeTimeProvider(Now));

    private static string Sign(ECDsa key, string? keyId) =>
        Sign(new ECDsaSecurityKey(key) { KeyId = keyId }, SecurityAlgorithms.EcdsaSha256);

    private static string Sign(string secret, string? keyId) =>
        Sign(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(secret)) { KeyId = keyId }, SecurityAlgorithms.HmacSha256);

    private static string Sign(SecurityKey key, string algorithm)
    {
        var token = new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Expires = Now.AddHours(1).UtcDateTime,
            Claims = new Dictionary<string, object>
            {
                ["sub"] = "ada",
                ["name"] = "Ada",
                ["channels"] = new[] { "a", "b-*" },
                ["grants"] = new[] { "join", "speak" },
            },
            SigningCredentials = new SigningCredentials(key, algorithm)
            {
                CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
            },
        };
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
    }
}
