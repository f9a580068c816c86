using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Hype.Gateway.NodeRegistry;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Admin;

/// <summary>
/// Seals an administrator's token into the value of a cookie, with an end (AES-GCM). A stolen cookie opens the dashboard for a quarter of
/// an hour, and is no bearer token. The key comes from the join secret, so every gateway opens the cookies of the others, and so does a
/// thief that has the join secret.
/// </summary>
internal sealed class DashboardCookie(IOptions<NodeRegistryOptions> registry, TimeProvider time)
{
    /// <summary>The time for which a cookie opens the dashboard; a dashboard in use renews it.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int EndBytes = sizeof(long);

    private readonly byte[] _key = HKDF.DeriveKey(
        HashAlgorithmName.SHA256,
        Encoding.UTF8.GetBytes(registry.Value.JoinSecret),
        outputLength: 32,
        info: "hype dashboard cookie"u8.ToArray());

    public string Seal(string token)
    {
        var text = Encoding.UTF8.GetBytes(token);
        var value = new byte[NonceBytes + EndBytes + text.Length + TagBytes];
        var nonce = value.AsSpan(0, NonceBytes);
        var content = value.AsSpan(NonceBytes, EndBytes + text.Length);
        RandomNumberGenerator.Fill(nonce);
        BitConverter.TryWriteBytes(content, (time.GetUtcNow() + Lifetime).ToUnixTimeSeconds());
        text.CopyTo(content[EndBytes..]);
        using var cipher = new AesGcm(_key, TagBytes);
        cipher.Encrypt(nonce, content, content, value.AsSpan(^TagBytes..));
        return Base64Url.EncodeToString(value);
    }

    /// <summary>Returns the token, and whether its cookie should be renewed; null when the cookie is over or not ours.</summary>
    public (string Token, bool IsOld)? Open(string cookie)
    {
        if (!Base64Url.IsValid(cookie))
            return null;
        var value = Base64Url.DecodeFromChars(cookie);
        if (value.Length <= NonceBytes + EndBytes + TagBytes)
            return null;
        var content = value.AsSpan(NonceBytes..^TagBytes);
        using var cipher = new AesGcm(_key, TagBytes);
        try
        {
            cipher.Decrypt(value.AsSpan(0, NonceBytes), content, value.AsSpan(^TagBytes..), content);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        var left = DateTimeOffset.FromUnixTimeSeconds(BitConverter.ToInt64(content)) - time.GetUtcNow();
        return left > TimeSpan.Zero ? (Encoding.UTF8.GetString(content[EndBytes..]), left < Lifetime / 2) : null;
    }
}
