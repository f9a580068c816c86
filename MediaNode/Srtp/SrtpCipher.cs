using Hype.MediaNode.Ciphers;
using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Srtp;

/// <summary>
/// The layout and protection of one packet under a profile, given its index. It has no state about earlier packets. A cipher works in
/// one direction: it seals or opens.
/// </summary>
internal abstract class SrtpCipher : IDisposable
{
    /// <summary>The length of the RTCP header and the sender's SSRC, which stay in the clear (RFC 3711 §3.4).</summary>
    public const int RtcpClearLength = 8;

    /// <summary>The E flag (encrypted) in the word that carries the SRTCP index.</summary>
    protected const uint EncryptedFlag = 0x8000_0000;

    public static SrtpCipher ForSealing(SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, AesEngine aes) =>
        Create(profile, masterKey, masterSalt, aes, sealing: true);

    public static SrtpCipher ForOpening(SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, AesEngine aes) =>
        Create(profile, masterKey, masterSalt, aes, sealing: false);

    /// <summary>Protects <paramref name="payload"/> after the header that is already in <paramref name="destination"/>.</summary>
    /// <param name="index">ROC · 2¹⁶ + SEQ, 48 bits.</param>
    /// <returns>The length of the SRTP packet.</returns>
    public abstract int ProtectRtp(Span<byte> destination, int headerLength, ReadOnlySpan<byte> payload, Ssrc ssrc, SrtpIndex index);

    /// <summary>Decrypts in place. False: the tag is wrong, and the payload's bytes are now worthless.</summary>
    /// <param name="packet">At least as long as the header and the tag together.</param>
    public abstract bool TryUnprotectRtp(Span<byte> packet, int headerLength, Ssrc ssrc, SrtpIndex index);

    /// <param name="index">31 bits.</param>
    /// <returns>The length of the SRTCP packet.</returns>
    public abstract int ProtectRtcp(Span<byte> destination, ReadOnlySpan<byte> plain, Ssrc ssrc, SrtpIndex index);

    /// <summary>The offset of the word with the E flag and the index.</summary>
    public abstract int RtcpIndexOffset(int packetLength);

    /// <inheritdoc cref="TryUnprotectRtp"/>
    /// <param name="indexWord">The E flag and the index, as read from the packet.</param>
    public abstract bool TryUnprotectRtcp(Span<byte> packet, Ssrc ssrc, uint indexWord);

    public abstract void Dispose();

    private static SrtpCipher Create(
        SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, AesEngine aes, bool sealing)
    {
        var lengths = SrtpProfileParameters.Of(profile);
        ArgumentOutOfRangeException.ThrowIfNotEqual(masterKey.Length, lengths.KeyLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(masterSalt.Length, lengths.SaltLength);
        using var rtp = SrtpSessionKeys.ForRtp(lengths, masterKey, masterSalt);
        using var rtcp = SrtpSessionKeys.ForRtcp(lengths, masterKey, masterSalt);
        return profile == SrtpProfile.AesCm128HmacSha1_80 ? new CounterModeCipher(rtp, rtcp, aes) : new GcmCipher(rtp, rtcp, aes, sealing);
    }
}
