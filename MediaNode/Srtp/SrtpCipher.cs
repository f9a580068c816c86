using Hype.MediaNode.Ciphers;
using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Srtp;

/// <summary>
/// A cipher for single packets under an SRTP profile: it encrypts or decrypts a packet with a given index, and has no state about earlier
/// packets. One object works in one direction.
/// </summary>
internal abstract class SrtpCipher : IDisposable
{
    /// <summary>
    /// The length of the part of an RTCP packet that stays in the clear: the header and the sender's SSRC (RFC 3711 §3.4).
    /// </summary>
    public const int RtcpClearLength = 8;

    /// <summary>The E flag, which marks an encrypted SRTCP packet, in the word that also contains the SRTCP index.</summary>
    protected const uint EncryptedFlag = 0x8000_0000;

    public static SrtpCipher ForSealing(SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, AesEngine aes) =>
        Create(profile, masterKey, masterSalt, aes, sealing: true);

    public static SrtpCipher ForOpening(SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, AesEngine aes) =>
        Create(profile, masterKey, masterSalt, aes, sealing: false);

    /// <summary>
    /// Encrypts and authenticates <paramref name="payload"/> into <paramref name="destination"/>, after the header that is already there.
    /// </summary>
    /// <param name="index">ROC · 2¹⁶ + SEQ, 48 bits.</param>
    /// <returns>The length of the SRTP packet.</returns>
    public abstract int ProtectRtp(Span<byte> destination, int headerLength, ReadOnlySpan<byte> payload, Ssrc ssrc, SrtpIndex index);

    /// <summary>
    /// Authenticates and decrypts a packet in place. Returns false if the tag is wrong; the payload's bytes must then be discarded.
    /// </summary>
    /// <param name="packet">At least as long as the header and the tag together.</param>
    public abstract bool TryUnprotectRtp(Span<byte> packet, int headerLength, Ssrc ssrc, SrtpIndex index);

    /// <param name="index">31 bits.</param>
    /// <returns>The length of the SRTCP packet.</returns>
    public abstract int ProtectRtcp(Span<byte> destination, ReadOnlySpan<byte> plain, Ssrc ssrc, SrtpIndex index);

    /// <summary>Returns the offset of the word that contains the E flag and the SRTCP index.</summary>
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
