using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Hype.Gateway.Tests.Testing;

/// <summary>Mints tokens as an application does, without the gateway's code.</summary>
internal static class Tokens
{
    public static string Mint(
        string identity,
        object channels,
        DateTimeOffset expires,
        string[] grants,
        string issuer = GatewayHost.ApiKey,
        string secret = GatewayHost.Secret,
        DateTimeOffset? notBefore = null,
        DateTimeOffset? issuedAt = null,
        string algorithm = SecurityAlgorithms.HmacSha256,
        string? name = null) => new JsonWebTokenHandler
        {
            SetDefaultTimesOnTokenCreation = false,
        }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Expires = expires.UtcDateTime,
            NotBefore = notBefore?.UtcDateTime,
            IssuedAt = issuedAt?.UtcDateTime,
            Claims = new Dictionary<string, object>
            {
                ["sub"] = identity,
                ["name"] = name ?? $"Name of {identity}",
                ["channels"] = channels,
                ["grants"] = grants,
            },
            SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(secret)), algorithm),
        });
}
