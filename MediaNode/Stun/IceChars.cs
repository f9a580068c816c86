using System.Text;

namespace Hype.MediaNode.Stun;

/// <summary>The alphabet of ICE credentials (RFC 8839 §5.4): <c>A–Z a–z 0–9 + /</c>.</summary>
internal static class IceChars
{
    private const int MaxLength = 256;

    public static bool IsValid(string text, int minLength) =>
        text.Length >= minLength && text.Length <= MaxLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/');

    public static byte[] ToBytes(string text) => Encoding.ASCII.GetBytes(text);
}
