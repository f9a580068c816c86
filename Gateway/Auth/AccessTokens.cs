using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Hype.Gateway.Auth;

/// <summary>
/// Verifies and mints tokens: JWTs (RFC 7519) signed with HS256 or ES256 by one of the API keys, whose id is the issuer. All
/// parsing and cryptography is the framework's.
/// </summary>
internal sealed class AccessTokens
{
    /// <summary>Clocks of those who mint and of gateways may differ by this much.</summary>
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
            // A key vouches only for tokens in its own name.
            IssuerSigningKeyResolver = _keys.Resolve,
            ValidateAudience = false,
            RequireExpirationTime = true,
            LifetimeValidator = IsAlive,
            NameClaimType = "sub",
        };
    }

    /// <summary>The same rules for bearer tokens of REST requests.</summary>
    public TokenValidationParameters Validation { get; }

    /// <summary>With only public keys there is nothing that the gateway could sign with.</summary>
    public bool CanMint => _keys.Own is not null;

    /// <summary>Of a token that is believed.</summary>
    public TimeSpan LongestLifetime => _options.MaxTokenLifetime;

    /// <summary>Null when the token must not be believed.</summary>
    public async Task<AccessToken?> ReadAsync(string token)
    {
        var result = await Handler.ValidateTokenAsync(token, Validation);
        return result.IsValid ? AccessToken.From(result.ClaimsIdentity) : null;
    }

    /// <summary>A token as ordered.</summary>
    /// <exception cref="InvalidOperationException"><see cref="CanMint"/> is false.</exception>
    public MintedToken Mint(TokenRequest order)
    {
        var now = _time.GetUtcNow();
        return new MintedToken(Mint(order.Identity, order.Name, order.Channels, order.Grants, now, order.Lifetime), now + order.Lifetime);
    }

    /// <summary>A token for one channel, with every grant: for Development, where people shall try things.</summary>
    public string MintGuest(string identity, string name, string channel) =>
        Mint(identity, name, [channel], ["join", "speak", "listen", "moderate"], _time.GetUtcNow(), _options.GuestTokenLifetime);

    /// <summary>The same rights for the same time again.</summary>
    /// <param name="issuedAt">By the clock that revocations are measured with.</param>
    /// <exception cref="InvalidOperationException"><see cref="CanMint"/> is false.</exception>
    public string Renew(AccessToken token, DateTimeOffset issuedAt, TimeSpan lifetime) =>
        Mint(token.Identity, token.Name, token.Channels, WireGrants.Write(token.Grants), issuedAt, lifetime);

    private string Mint(string identity, string name, IReadOnlyList<string> channels, string[] grants, DateTimeOffset issuedAt, TimeSpan lifetime)
    {
        var (issuer, credentials) = _keys.Own ?? throw new InvalidOperationException($"No key of {AuthOptions.Section}:{nameof(AuthOptions.Keys)} has a secret to sign with.");
        var now = issuedAt.UtcDateTime;
        return Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + lifetime,
            Claims = new Dictionary<string, object>
            {
                ["sub"] = identity,
                [AccessToken.NameClaim] = name,
                [AccessToken.ChannelsClaim] = channels.Count == 1 ? channels[0] : channels.ToArray(),
                [AccessToken.GrantsClaim] = grants,
            },
            SigningCredentials = credentials,
        });
    }

    private bool IsAlive(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        if (expires is not { } end || now >= end + ClockSkew || (notBefore is { } start && now < start - ClockSkew))
            return false;

        // Who backdates gains nothing; who postdates would outlive a revocation.
        var issued = token is JsonWebToken { IssuedAt: var at } && at != DateTime.MinValue ? at : notBefore;
        return (issued is null || issued <= now + ClockSkew) && end - (issued ?? now) <= _options.MaxTokenLifetime;
    }
}
