using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Hype.LoadTest.Signaling;

/// <summary>Signs tokens as an application's server does (docs/rest.md): JWT, HS256, with one of the deployment's API keys.</summary>
internal sealed class TokenSigner(string keyId, string secret)
{
    /// <summary>
    /// The id of the API key that each gateway has in the environment Development (Gateway/appsettings.Development.json), and in no
    /// other.
    /// </summary>
    public const string DevelopmentKey = "development";

    public const string DevelopmentSecret = "hype-development-secret-known-to-everyone";

    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);

    private readonly byte[] _secret = Encoding.UTF8.GetBytes(secret);

    public string KeyId => keyId;

    /// <param name="channels">A channel, or a prefix that ends with <c>*</c>.</param>
    /// <param name="expires">The end of the token: shortly after the run, so that a leaked token is worth little.</param>
    public string Sign(string identity, string channels, IEnumerable<string> grants, DateTimeOffset expires)
    {
        var claims = JsonSerializer.SerializeToUtf8Bytes(
            new { iss = keyId, sub = identity, name = identity, channels, grants, exp = expires.ToUnixTimeSeconds() });
        var text = $"{Header}.{Base64Url.EncodeToString(claims)}";
        return $"{text}.{Base64Url.EncodeToString(HMACSHA256.HashData(_secret, Encoding.ASCII.GetBytes(text)))}";
    }
}
