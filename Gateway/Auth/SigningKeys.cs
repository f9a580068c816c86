using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Hype.Gateway.Auth;

/// <summary>
/// The keys of the configuration. A token is verified only with keys of its issuer, only with a key's own algorithm (a public key is
/// never used as an HMAC secret, whatever the header says), and only with the key that <c>kid</c> names, if it names one.
/// </summary>
internal sealed class SigningKeys
{
    private readonly Entry[] _entries;
    private readonly Entry? _own;

    public SigningKeys(AuthOptions options)
    {
        _entries = [.. options.Keys.Select(Read)];
        _own = _entries.FirstOrDefault(entry =>
            entry.Key is SymmetricSecurityKey && (options.RefreshKey.Length == 0 || entry.Issuer == options.RefreshKey));
    }

    public static IEnumerable<string> Algorithms => [SecurityAlgorithms.HmacSha256, SecurityAlgorithms.EcdsaSha256];

    public IEnumerable<string> Issuers => _entries.Select(entry => entry.Issuer).Distinct(StringComparer.Ordinal);

    /// <summary>The key with which the gateway signs tokens, and its issuer; null when the gateway has only public keys.</summary>
    public (string Issuer, SigningCredentials Credentials)? Own =>
        _own is { } own ? (own.Issuer, new SigningCredentials(own.Key, own.Algorithm)) : null;

    /// <summary>Finds the keys that may verify a token, in the form of an <see cref="IssuerSigningKeyResolver"/>.</summary>
    public IEnumerable<SecurityKey> Resolve(string text, SecurityToken? token, string? keyId, TokenValidationParameters parameters) =>
        token is not JsonWebToken jwt ? []
        : _entries
            .Where(
                entry => entry.Issuer == jwt.Issuer && entry.Algorithm == jwt.Alg && (string.IsNullOrEmpty(keyId) || entry.KeyId == keyId))
            .Select(entry => entry.Key);

    private static Entry Read(ApiKeyOptions key)
    {
        if (key.PublicKey.Length > 0 && PublicKeys.Read(key.PublicKey, out var ecdsa) is null)
            return new Entry(key.Id, key.KeyId, SecurityAlgorithms.EcdsaSha256, new ECDsaSecurityKey(ecdsa!) { KeyId = Name(key) });
        var secret = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(key.Secret)) { KeyId = Name(key) };
        return new Entry(key.Id, key.KeyId, SecurityAlgorithms.HmacSha256, secret);
    }

    /// <summary>Returns the key's <c>kid</c>, or null instead of an empty one: a token signed with such a key has no <c>kid</c>.</summary>
    private static string? Name(ApiKeyOptions key) => key.KeyId.Length > 0 ? key.KeyId : null;

    private sealed record Entry(string Issuer, string KeyId, string Algorithm, SecurityKey Key);
}
