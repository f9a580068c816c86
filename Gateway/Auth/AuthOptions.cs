using System.Text;
using Hype.Hosting.Options;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Auth;

/// <summary>The keys and lifetimes of tokens; bound from <c>Hype:Auth</c>.</summary>
public sealed record AuthOptions
{
    public const string Section = "Hype:Auth";

    /// <summary>
    /// The secret in appsettings.Development.json. It is public, so a gateway outside Development refuses to start with it.
    /// </summary>
    public const string DevelopmentSecret = "hype-development-secret-known-to-everyone";

    /// <summary>The keys that tokens may be signed with, several of one issuer during a rotation. At least one.</summary>
    public ApiKeyOptions[] Keys { get; init; } = [];

    /// <summary>
    /// The id of the key with which the gateway itself signs tokens: renewed ones during a call, and guest tokens in Development. It must
    /// have a <see cref="ApiKeyOptions.Secret"/>; the first such key of this id signs. Default: the first key with a secret; without one,
    /// tokens are not renewed.
    /// </summary>
    public string RefreshKey { get; init; } = "";

    /// <summary>
    /// The longest lifetime of a token, from its <c>iat</c> to its <c>exp</c>. Tokens with a longer one are refused, so that a revocation
    /// can be deleted after this time. Default 7 days, range 1 min–30 days; the same for all gateways.
    /// </summary>
    public TimeSpan MaxTokenLifetime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// The longest time for which gateways renew a client's token, counted from its claim <c>auth_time</c>, else from its time of issue.
    /// No renewed token is valid longer: then the application decides whether its user gets another token. Default 24 h, range 1 min–30
    /// days.
    /// </summary>
    public TimeSpan MaxSession { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Closes a client's socket when its token has expired and was not renewed; a resume then requires a valid token. With false, the
    /// session continues, and only the next join requires a valid token. Default false.
    /// </summary>
    public bool EndAtExpiry { get; init; }

    /// <summary>
    /// The <c>aud</c> that a token must have, for deployments that share a key with others. Empty: <c>aud</c> is not checked. Default:
    /// none.
    /// </summary>
    public string Audience { get; init; } = "";

    /// <summary>The lifetime of a guest token. Default 12 h, range 1 min–<see cref="MaxTokenLifetime"/>.</summary>
    public TimeSpan GuestTokenLifetime { get; init; } = TimeSpan.FromHours(12);
}

/// <summary>An API key, with which an application mints tokens. It has a secret (HS256) or a public key (ES256), never both.</summary>
public sealed record ApiKeyOptions
{
    /// <summary>The <c>iss</c> of its tokens, 1–64 characters. Several keys may have the same one.</summary>
    public string Id { get; init; } = "";

    /// <summary>
    /// The <c>kid</c> in the header of its tokens, at most 64 characters. Default: none; needed where several keys have the same id.
    /// </summary>
    public string KeyId { get; init; } = "";

    /// <summary>The HMAC-SHA-256 key, at least 32 bytes of UTF-8 (RFC 7518 §3.2).</summary>
    public string Secret { get; init; } = "";

    /// <summary>
    /// The public half of an ECDSA key on P-256, as PEM (<c>-----BEGIN PUBLIC KEY-----</c>); the application has the private half.
    /// </summary>
    public string PublicKey { get; init; } = "";

    /// <summary>Returns the ids as text, without the secret.</summary>
    public override string ToString() => $"ApiKeyOptions {{ {Id} {KeyId} }}";
}

internal sealed class AuthOptionsValidator(IHostEnvironment environment) : IValidateOptions<AuthOptions>
{
    private const int MinSecretBytes = 32;

    public ValidateOptionsResult Validate(string? name, AuthOptions options)
    {
        var checks = new OptionChecks(AuthOptions.Section);
        checks.Require(
            options.Keys.Length > 0, nameof(options.Keys),
            $"must have at least one key: an Id, and a Secret of {MinSecretBytes} bytes or more or a PublicKey.");
        for (var i = 0; i < options.Keys.Length; i++)
            Check(options.Keys[i], $"{nameof(options.Keys)}:{i}", checks);

        var areDistinct = options.Keys.DistinctBy(key => (key.Id, key.KeyId)).Count() == options.Keys.Length;
        checks.Require(areDistinct, nameof(options.Keys), "of the same Id must have different KeyIds.");
        checks.Require(
            options.RefreshKey.Length == 0 || options.Keys.Any(key => key.Id == options.RefreshKey && key.Secret.Length > 0),
            nameof(options.RefreshKey),
            $"is '{options.RefreshKey}', but no key of this Id has a Secret to sign with.");
        checks.Range(nameof(options.MaxTokenLifetime), options.MaxTokenLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30));
        checks.Range(nameof(options.GuestTokenLifetime), options.GuestTokenLifetime, TimeSpan.FromMinutes(1), options.MaxTokenLifetime);
        checks.Range(nameof(options.MaxSession), options.MaxSession, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30));
        return checks.Result();
    }

    private void Check(ApiKeyOptions key, string path, OptionChecks checks)
    {
        checks.Require(key.Id.Length is >= 1 and <= 64, $"{path}:{nameof(key.Id)}", "must have 1-64 characters.");
        checks.Require(key.KeyId.Length <= 64, $"{path}:{nameof(key.KeyId)}", "must have at most 64 characters.");
        if (key.PublicKey.Length == 0)
        {
            var isLongEnough = Encoding.UTF8.GetByteCount(key.Secret) >= MinSecretBytes;
            checks.Require(isLongEnough, $"{path}:{nameof(key.Secret)}", $"must have at least {MinSecretBytes} bytes.");
            checks.Require(environment.IsDevelopment() || key.Secret != AuthOptions.DevelopmentSecret, $"{path}:{nameof(key.Secret)}",
                "is the public default, which only Development may use: set your own.");
            return;
        }

        checks.Require(
            key.Secret.Length == 0, $"{path}:{nameof(key.Secret)}", "must not be set beside a PublicKey: a key has one or the other.");
        var flaw = PublicKeys.Read(key.PublicKey, out var read);
        read?.Dispose();
        checks.Require(flaw is null, $"{path}:{nameof(key.PublicKey)}", flaw ?? "");
    }
}
