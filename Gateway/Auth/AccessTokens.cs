using System.Text;
using Hype.Gateway.Control;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Hype.Gateway.Auth;

/// <summary>
/// Verifies and mints tokens: JWTs (RFC 7519) signed with HS256 by one of the API keys, whose id is the issuer. All
/// parsing and cryptography is the framework's.
/// </summary>
internal sealed class AccessTokens
{
    /// <summary>Clocks of those who mint and of gateways may differ by this much.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    private readonly AuthOptions _options;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, SymmetricSecurityKey> _keys;

    public AccessTokens(IOptions<AuthOptions> options, TimeProvider time)
    {
        _options = options.Value;
        _time = time;
        _keys = options.Value.Keys.ToDictionary(key => key.Id, key => new SymmetricSecurityKey(Encoding.UTF8.GetBytes(key.Secret)));
        Validation = new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            ValidIssuers = _keys.Keys,
            // A key vouches only for tokens in its own name.
            IssuerSigningKeyResolver = (_, token, _, _) => token is not null && _keys.TryGetValue(token.Issuer, out var key) ? [key] : [],
            ValidateAudience = false,
            RequireExpirationTime = true,
            LifetimeValidator = IsAlive,
            NameClaimType = "sub",
        };
    }

    /// <summary>The same rules for bearer tokens of REST requests.</summary>
    public TokenValidationParameters Validation { get; }

    /// <summary>Null when the token must not be believed.</summary>
    public async Task<AccessToken?> ReadAsync(string token)
    {
        var result = await Handler.ValidateTokenAsync(token, Validation);
        return result.IsValid ? AccessToken.From(result.ClaimsIdentity) : null;
    }

    /// <summary>A token as ordered, signed with the first key.</summary>
    public MintedToken Mint(TokenOrder order)
    {
        var expires = _time.GetUtcNow() + order.Lifetime;
        return new MintedToken(Sign(order.Identity, order.Name, order.Channels, order.Grants, order.Lifetime), expires);
    }

    /// <summary>A token for one channel, with every grant: for Development, where people shall try things.</summary>
    public string MintGuest(string identity, string name, string channel) =>
        Sign(identity, name, [channel], ["join", "speak", "listen", "moderate"], _options.GuestTokenLifetime);

    private string Sign(string identity, string name, string[] channels, string[] grants, TimeSpan lifetime)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        var key = _options.Keys[0];
        return Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = key.Id,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + lifetime,
            Claims = new Dictionary<string, object>
            {
                ["sub"] = identity,
                [AccessToken.NameClaim] = name,
                [AccessToken.ChannelsClaim] = channels,
                [AccessToken.GrantsClaim] = grants,
            },
            SigningCredentials = new SigningCredentials(_keys[key.Id], SecurityAlgorithms.HmacSha256),
        });
    }

    private bool IsAlive(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        return expires is { } end && now < end + ClockSkew && (notBefore is not { } start || now >= start - ClockSkew);
    }
}
