using Hype.MediaNode.Ciphers;

namespace Hype.MediaNode.Srtp;

/// <summary>The label of a key derivation, which states the purpose of the session key (RFC 3711 §4.3.1, §4.3.2).</summary>
internal enum SrtpKeyLabel : byte
{
    RtpEncryption = 0,
    RtpAuthentication = 1,
    RtpSalt = 2,
    RtcpEncryption = 3,
    RtcpAuthentication = 4,
    RtcpSalt = 5,
}

/// <summary>
/// Derives session keys from a master key (RFC 3711 §4.3; AES-256: RFC 6188 §3), with a key derivation rate of 0: once per master key.
/// The session key is the key stream of AES counter mode from
/// <code>
///  x = master salt (112 bits) XOR label · 2⁴⁸,   IV = x · 2¹⁶
/// </code>
/// A 96-bit master salt, as used by GCM, is first padded on the right with 16 zero bits (RFC 7714 §11).
/// </summary>
internal static class SrtpKeyDerivation
{
    private const int LabelOffset = 7;

    public static void Derive(ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, SrtpKeyLabel label, Span<byte> sessionKey)
    {
        Span<byte> iv = stackalloc byte[16];
        iv.Clear();
        masterSalt.CopyTo(iv);
        iv[LabelOffset] ^= (byte)label;

        using var prf = new OpenSslCounter(masterKey);
        sessionKey.Clear();
        prf.Transform(iv, sessionKey, sessionKey);
    }
}
