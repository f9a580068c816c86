using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Hype.Cli.Access;

/// <summary>The claims and the lifetime of a token to sign (docs/rest.md, "Tokens").</summary>
/// <param name="Channel">A channel, or a prefix that ends with <c>*</c>.</param>
internal sealed record TokenRequest(string Identity, string Name, string Channel, IReadOnlyList<string> Grants, TimeSpan Lifetime);

internal sealed record MintedToken(string Token, DateTimeOffset Expires);

/// <summary>
/// An API key of the deployment (<c>Hype:Auth:Keys</c>). It signs tokens locally, as an application does, without a request to a gateway.
/// </summary>
internal sealed class ApiKey(string id, string secret)
{
    /// <summary>The smallest length of a secret in bytes: that of the SHA-256 hash (RFC 7518 §3.2).</summary>
    public const int MinSecretBytes = 32;

    private readonly byte[] _secret = Encoding.UTF8.GetBytes(secret);

    public bool IsTooShort => _secret.Length < MinSecretBytes;

    public MintedToken Mint(TokenRequest request, TimeProvider time)
    {
        var now = time.GetUtcNow();
        // JWT has whole seconds, and the printed expiry must equal the token's.
        var expires = DateTimeOffset.FromUnixTimeSeconds((now + request.Lifetime).ToUnixTimeSeconds());
        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = id,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = expires.UtcDateTime,
            Claims = new Dictionary<string, object>
            {
                ["sub"] = request.Identity,
                ["name"] = request.Name,
                ["channels"] = request.Channel,
                ["grants"] = request.Grants.ToArray(),
            },
            SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(_secret), SecurityAlgorithms.HmacSha256),
        });
        return new MintedToken(token, expires);
    }

    /// <summary>Returns the key's id, never its secret.</summary>
    public override string ToString() => $"ApiKey {{ {id} }}";
}
