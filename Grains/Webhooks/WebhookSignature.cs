using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hype.Grains.Webhooks;

/// <summary>
/// Signs webhook requests according to Standard Webhooks 1.0, for which receivers have libraries: HMAC-SHA256 over id, time and body.
/// </summary>
internal static class WebhookSignature
{
    public const string SecretPrefix = "whsec_";

    private const int ShortestSecret = 24;
    private const int LongestSecret = 64;

    /// <summary>Decodes a secret of the options; returns false if its format is invalid.</summary>
    public static bool TryReadSecret(string text, out byte[] secret)
    {
        secret = [];
        if (!text.StartsWith(SecretPrefix, StringComparison.Ordinal))
            return false;
        var buffer = new byte[text.Length];
        if (!Convert.TryFromBase64String(text[SecretPrefix.Length..], buffer, out var length)
            || length is < ShortestSecret or > LongestSecret)
            return false;
        secret = buffer[..length];
        return true;
    }

    /// <summary>Returns the value of the header <c>webhook-signature</c>: one signature for each secret.</summary>
    public static string Sign(IEnumerable<byte[]> secrets, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        var content = (byte[])[.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")), .. body];
        return string.Join(' ', secrets.Select(secret => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, content))}"));
    }
}
