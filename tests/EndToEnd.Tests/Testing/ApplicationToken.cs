using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Hype.EndToEnd.Tests.Testing;

/// <summary>Signs tokens as an application's server does (docs/rest.md), with the API key that every gateway in Development has.</summary>
internal static class ApplicationToken
{
    private const string KeyId = "development";
    private const string Secret = "hype-development-secret-known-to-everyone";

    public static string Sign(string identity, string channels, TimeSpan lifetime, params string[] grants)
    {
        var now = DateTimeOffset.UtcNow;
        var header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);
        var claims = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new
        {
            iss = KeyId,
            sub = identity,
            name = identity,
            channels,
            grants,
            iat = now.ToUnixTimeSeconds(),
            exp = (now + lifetime).ToUnixTimeSeconds(),
        }));
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.ASCII.GetBytes($"{header}.{claims}"));
        return $"{header}.{claims}.{Base64Url.EncodeToString(signature)}";
    }
}
