using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Hype.EndToEnd.Tests.Testing;

/// <summary>
/// Signs tokens with an API key of the test application, for tests that need more than a guest's token, such as a token for several
/// channels.
/// </summary>
internal static class SigningKey
{
    private const string Id = "e2e";
    private const string Secret = "a secret of the end-to-end tests, 32 bytes or more";

    /// <summary>
    /// The settings that configure the key at the gateway, beside the key of Development, for <see cref="Scenario.Settings"/>.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["Hype__Auth__Keys__1__Id"] = Id,
        ["Hype__Auth__Keys__1__Secret"] = Secret,
    };

    /// <summary>Signs a token with every grant (docs/rest.md).</summary>
    /// <param name="channels">A channel, or a prefix that ends with <c>*</c>.</param>
    public static string Mint(string identity, string name, string channels)
    {
        var expires = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds();
        var head = Encode(new { alg = "HS256", typ = "JWT" });
        var body = Encode(
            new
            {
                iss = Id,
                sub = identity,
                name,
                channels,
                grants = new[] { "join", "speak", "listen", "moderate" },
                iat = expires - 3600,
                exp = expires
            });
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{head}.{body}"));
        return $"{head}.{body}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(object claims) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims));
}
