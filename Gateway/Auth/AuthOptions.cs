using System.Text;
using Hype.Gateway.Hosting;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Auth;

/// <summary>Whose tokens are believed; bound from <c>Hype:Auth</c>.</summary>
public sealed record AuthOptions
{
    public const string Section = "Hype:Auth";

    /// <summary>The secret of appsettings.Development.json. Everyone can read it, so it is refused outside Development.</summary>
    public const string DevelopmentSecret = "hype-development-secret-known-to-everyone";

    /// <summary>API keys that tokens may be signed with. The first one signs guest tokens in Development. At least one.</summary>
    public ApiKeyOptions[] Keys { get; init; } = [];

    /// <summary>How long a guest token is valid. Default 12 h, range 1 min–30 days.</summary>
    public TimeSpan GuestTokenLifetime { get; init; } = TimeSpan.FromHours(12);
}

/// <summary>An API key: an application's right to mint tokens.</summary>
public sealed record ApiKeyOptions
{
    /// <summary>The <c>iss</c> of its tokens, 1–64 characters.</summary>
    public string Id { get; init; } = "";

    /// <summary>The HMAC-SHA-256 key, at least 32 bytes of UTF-8 (RFC 7518 §3.2).</summary>
    public string Secret { get; init; } = "";

    /// <summary>Never prints the secret.</summary>
    public override string ToString() => $"ApiKeyOptions {{ {Id} }}";
}

internal sealed class AuthOptionsValidator(IHostEnvironment environment) : IValidateOptions<AuthOptions>
{
    private const int MinSecretBytes = 32;

    public ValidateOptionsResult Validate(string? name, AuthOptions options)
    {
        var errors = new OptionErrors(AuthOptions.Section);
        errors.Require(options.Keys.Length > 0, nameof(options.Keys), $"must have at least one key: an Id, and a Secret of {MinSecretBytes} bytes or more.");
        for (var i = 0; i < options.Keys.Length; i++)
        {
            var key = options.Keys[i];
            errors.Require(key.Id.Length is >= 1 and <= 64, $"Keys:{i}:Id", "must have 1-64 characters.");
            errors.Require(Encoding.UTF8.GetByteCount(key.Secret) >= MinSecretBytes, $"Keys:{i}:Secret", $"must have at least {MinSecretBytes} bytes.");
            errors.Require(environment.IsDevelopment() || key.Secret != AuthOptions.DevelopmentSecret, $"Keys:{i}:Secret",
                "is the default, which everyone knows and only Development may use: set one of your own.");
        }

        errors.Require(options.Keys.DistinctBy(key => key.Id).Count() == options.Keys.Length, nameof(options.Keys), "must have different ids.");
        errors.Range(nameof(options.GuestTokenLifetime), options.GuestTokenLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30));
        return errors.Result();
    }
}
