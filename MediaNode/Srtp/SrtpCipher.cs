using Hype.MediaNode.Ciphers;

namespace Hype.MediaNode.Srtp;

/// <summary>
/// How a profile lays out and protects one packet, given its index: no state about what was sent or received before.
/// A cipher works in one direction, sealing or opening.
/// </summary>
internal abstract class SrtpCipher : IDisposable
{
    /// <summary>The RTCP header and the sender's SSRC stay in the clear (RFC 3711 §3.4).</summary>
    public const int RtcpClearLength = 8;

    /// <summary>The E flag (encrypted) in the word that carries the SRTCP index.</summary>
    protected const uint EncryptedFlag = 0x8000_0000;

    public static SrtpCipher ForSealing(SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, AesEngine aes) =>
        Create(profile, masterKey, masterSalt, aes, sealing: true);

    public static SrtpCipher ForOpening(SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, AesEngine aes) =>
        Create(profile, masterKey, masterSalt, aes, sealing: false);

    /// <summary>Protects <paramref name="payload"/> behind the header that is already in <paramref name="destination"/>.</summary>
    /// <param name="index">ROC · 2¹⁶ + SEQ, 48 bits.</param>
    /// <returns>The length of the SRTP packet.</returns>
    public abstract int ProtectRtp(Span<byte> destination, int headerLength, ReadOnlySpan<byte> payload, uint ssrc, long index);

    /// <summary>Decrypts in place; false: the tag is wrong, and the payload's bytes are now worthless.</summary>
    /// <param name="packet">Longer than the header and the tag together, or as long.</param>
    public abstract bool TryUnprotectRtp(Span<byte> packet, int headerLength, uint ssrc, long index);

    /// <param name="index">31 bits.</param>
    /// <returns>The length of the SRTCP packet.</returns>
    public abstract int ProtectRtcp(Span<byte> destination, ReadOnlySpan<byte> plain, uint ssrc, uint index);

    /// <summary>Where the word with the E flag and the index stands.</summary>
    public abstract int RtcpIndexOffset(int packetLength);

    /// <inheritdoc cref="TryUnprotectRtp"/>
    /// <param name="indexWord">The E flag and the index, as read from the packet.</param>
    public abstract bool TryUnprotectRtcp(Span<byte> packet, uint ssrc, uint indexWord);

    public abstract void Dispose();

    private static SrtpCipher Create(SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, AesEngine aes, bool sealing)
    {
        var lengths = SrtpProfileParameters.Of(profile);
        ArgumentOutOfRangeException.ThrowIfNotEqual(masterKey.Length, lengths.KeyLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(masterSalt.Length, lengths.SaltLength);
        using var rtp = SrtpSessionKeys.ForRtp(lengths, masterKey, masterSalt);
        using var rtcp = SrtpSessionKeys.ForRtcp(lengths, masterKey, masterSalt);
        return profile == SrtpProfile.AesCm128HmacSha1_80 ? new CounterModeCipher(rtp, rtcp, aes) : new GcmCipher(rtp, rtcp, aes, sealing);
    }
}
