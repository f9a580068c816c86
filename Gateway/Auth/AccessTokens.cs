using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Hype.Gateway.Auth;

/// <summary>
/// Verifies and mints tokens: JWTs (RFC 7519) signed with HS256 or ES256 by one of the API keys, whose id is the issuer. The framework
/// does all parsing and cryptography.
/// </summary>
internal sealed class AccessTokens
{
    /// <summary>The allowed difference between the clocks of an application and a gateway.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false, SetDefaultTimesOnTokenCreation = false };

    private readonly AuthOptions _options;
    private readonly TimeProvider _time;
    private readonly SigningKeys _keys;

    public AccessTokens(IOptions<AuthOptions> options, TimeProvider time)
    {
        _options = options.Value;
        _time = time;
        _keys = new SigningKeys(options.Value);
        Validation = new TokenValidationParameters
        {
            ValidAlgorithms = SigningKeys.Algorithms,
            ValidIssuers = _keys.Issuers,
            // A key verifies only tokens of its own issuer.
            IssuerSigningKeyResolver = _keys.Resolve,
            ValidateAudience = options.Value.Audience.Length > 0,
            ValidAudience = options.Value.Audience,
            RequireExpirationTime = true,
            LifetimeValidator = IsAlive,
            NameClaimType = "sub",
        };
    }

    /// <summary>The rules for valid tokens, which apply to the bearer tokens of REST requests too.</summary>
    public TokenValidationParameters Validation { get; }

    /// <summary>False when the gateway has only public keys and cannot sign.</summary>
    public bool CanMint => _keys.Own is not null;

    /// <summary>The longest lifetime of a valid token.</summary>
    public TimeSpan LongestLifetime => _options.MaxTokenLifetime;

    /// <summary>The longest time for which a token is renewed.</summary>
    public TimeSpan LongestSession => _options.MaxSession;

    /// <summary>True if the end of a token ends the use of its socket.</summary>
    public bool EndAtExpiry => _options.EndAtExpiry;

    /// <summary>Verifies a token and returns its claims; null when it is not valid.</summary>
    public async Task<AccessToken?> ReadAsync(string token) => (await CheckAsync(token)).Access;

    /// <summary>
    /// Verifies a token and returns its claims. When only its identity or name is not valid, the result has the flaw in a sentence.
    /// </summary>
    public async Task<(AccessToken? Access, string? Flaw)> CheckAsync(string token)
    {
        var result = await Handler.ValidateTokenAsync(token, Validation);
        return result.IsValid ? (AccessToken.From(result.ClaimsIdentity), AccessToken.FlawOf(result.ClaimsIdentity)) : (null, null);
    }

    /// <summary>Mints the token that a request describes.</summary>
    /// <exception cref="InvalidOperationException"><see cref="CanMint"/> is false.</exception>
    public MintedToken Mint(TokenRequest request)
    {
        var now = _time.GetUtcNow();
        var token = Mint(request.Identity, request.Name, request.Channels, request.Grants, now, request.Lifetime);
        return new MintedToken(token, now + request.Lifetime);
    }

    /// <summary>Mints a token for one channel with every grant, for experiments in Development.</summary>
    public string MintGuest(string identity, string name, string channel) =>
        Mint(identity, name, [channel], ["join", "speak", "listen", "moderate"], _time.GetUtcNow(), _options.GuestTokenLifetime);

    /// <summary>Mints a successor of a token, with the same identity, name, channels and grants.</summary>
    /// <param name="token">The token to replace.</param>
    /// <param name="issuedAt">The time of issue, by the clock that dates revocations.</param>
    /// <param name="lifetime">The lifetime of the successor.</param>
    /// <exception cref="InvalidOperationException"><see cref="CanMint"/> is false.</exception>
    public string Renew(AccessToken token, DateTimeOffset issuedAt, TimeSpan lifetime) =>
        Mint(token.Identity, token.Name, token.Channels, WireGrants.Write(token.Grants), issuedAt, lifetime, token.AuthenticatedAt);

    private string Mint(
        string identity,
        string name,
        IReadOnlyList<string> channels,
        string[] grants,
        DateTimeOffset issuedAt,
        TimeSpan lifetime,
        DateTimeOffset? authenticatedAt = null)
    {
        var (issuer, credentials) = _keys.Own
            ?? throw new InvalidOperationException(
                $"No key of {AuthOptions.Section}:{nameof(AuthOptions.Keys)} has a secret to sign with.");
        var now = issuedAt.UtcDateTime;
        return Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = _options.Audience.Length > 0 ? _options.Audience : null,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + lifetime,
            Claims = new Dictionary<string, object>
            {
                ["sub"] = identity,
                [AccessToken.NameClaim] = name,
                [AccessToken.ChannelsClaim] = channels.Count == 1 ? channels[0] : channels.ToArray(),
                [AccessToken.GrantsClaim] = grants,
                [AccessToken.AuthTimeClaim] = (authenticatedAt ?? issuedAt).ToUnixTimeSeconds(),
            },
            SigningCredentials = credentials,
        });
    }

    private bool IsAlive(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        if (expires is not { } end || now >= end + ClockSkew || (notBefore is { } start && now < start - ClockSkew))
            return false;
        // A backdated token gains nothing; a postdated one would outlive a revocation.
        var issued = token is JsonWebToken { IssuedAt: var at } && at != DateTime.MinValue ? at : notBefore;
        return (issued is null || issued <= now + ClockSkew) && end - (issued ?? now) <= _options.MaxTokenLifetime;
    }
}
