using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Hype.Grains.Channels.Members;

/// <summary>
/// The token with which a client resumes its session: <c>{session}.{secret}</c>. Each resume issues the next token. The token that was
/// used stays valid until the client uses the next one, so a client can resume again if it missed the newest <c>welcome</c>. The channel
/// stores only hashes of the secrets.
/// </summary>
internal static class ResumeToken
{
    private const int SecretBytes = 24;

    public static (string Token, byte[] Hash) Create(SessionId session)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        return ($"{session}.{secret}", HashOf(secret));
    }

    public static bool TryParse(string token, out SessionId session, [NotNullWhen(true)] out byte[]? hash)
    {
        session = default;
        hash = null;
        var dot = token.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || !Guid.TryParseExact(token.AsSpan(0, dot), "N", out var id))
            return false;
        session = new SessionId(id);
        hash = HashOf(token[(dot + 1)..]);
        return true;
    }

    /// <summary>Compares two hashes in constant time, so that the duration reveals nothing about them.</summary>
    public static bool Matches(byte[] hash, byte[] other) => CryptographicOperations.FixedTimeEquals(hash, other);

    private static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
