using System.Buffers.Binary;
using Hype.MediaNode.Ciphers;
using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Srtp;

/// <summary>
/// The cipher of the SRTP profiles AEAD_AES_128_GCM and AEAD_AES_256_GCM (RFC 7714).
/// <code>
///  RTP   (§8, §9):   | header (associated data) | ciphertext | tag 16 |
///  RTCP  (§9.2):     | 8 bytes (associated) | ciphertext | tag 16 | E · index 31 (associated) |
///  RTCP, E = 0:      | plaintext (associated)            | tag 16 | E · index 31 (associated) |
///  nonce, RTP  (§8.1): 0 0 | SSRC 4 | ROC 4 | SEQ 2        XOR salt
///  nonce, RTCP (§9.1): 0 0 | SSRC 4 | 0 0 | 0 · index 31   XOR salt
/// </code>
/// </summary>
internal sealed class GcmCipher(SrtpSessionKeys rtp, SrtpSessionKeys rtcp, AesEngine aes, bool sealing) : SrtpCipher
{
    private const int TagLength = GcmContext.TagLength;
    private const int NonceLength = GcmContext.NonceLength;
    private const int IndexWordLength = 4;

    private readonly GcmContext _rtp = sealing ? GcmContext.ForSealing(aes, rtp.Encryption) : GcmContext.ForOpening(aes, rtp.Encryption);
    private readonly GcmContext _rtcp = sealing
        ? GcmContext.ForSealing(aes, rtcp.Encryption)
        : GcmContext.ForOpening(aes, rtcp.Encryption);
    private readonly byte[] _rtpSalt = rtp.Salt;
    private readonly byte[] _rtcpSalt = rtcp.Salt;

    public override int ProtectRtp(Span<byte> destination, int headerLength, ReadOnlySpan<byte> payload, Ssrc ssrc, SrtpIndex index)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        WriteNonce(nonce, _rtpSalt, ssrc, index);
        _rtp.Seal(nonce, destination[..headerLength], payload, destination[headerLength..]);
        return headerLength + payload.Length + TagLength;
    }

    public override bool TryUnprotectRtp(Span<byte> packet, int headerLength, Ssrc ssrc, SrtpIndex index)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        WriteNonce(nonce, _rtpSalt, ssrc, index);
        return _rtp.TryOpen(nonce, packet[..headerLength], packet[headerLength..^TagLength], packet[^TagLength..]);
    }

    public override int ProtectRtcp(Span<byte> destination, ReadOnlySpan<byte> plain, Ssrc ssrc, SrtpIndex index)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        WriteNonce(nonce, _rtcpSalt, ssrc, index);
        plain[..RtcpClearLength].CopyTo(destination);
        var indexWord = destination.Slice(plain.Length + TagLength, IndexWordLength);
        BinaryPrimitives.WriteUInt32BigEndian(indexWord, EncryptedFlag | (uint)index.Value);
        Span<byte> associated = stackalloc byte[RtcpClearLength + IndexWordLength];
        plain[..RtcpClearLength].CopyTo(associated);
        indexWord.CopyTo(associated[RtcpClearLength..]);
        _rtcp.Seal(nonce, associated, plain[RtcpClearLength..], destination[RtcpClearLength..(plain.Length + TagLength)]);
        return plain.Length + TagLength + IndexWordLength;
    }

    public override int RtcpIndexOffset(int packetLength) => packetLength - IndexWordLength;

    public override bool TryUnprotectRtcp(Span<byte> packet, Ssrc ssrc, uint indexWord)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        WriteNonce(nonce, _rtcpSalt, ssrc, new SrtpIndex(indexWord & ~EncryptedFlag));
        var text = packet[..^(TagLength + IndexWordLength)];
        var tag = packet.Slice(text.Length, TagLength);
        var associatedLength = (indexWord & EncryptedFlag) != 0 ? RtcpClearLength : text.Length;
        Span<byte> associated = stackalloc byte[associatedLength + IndexWordLength];
        text[..associatedLength].CopyTo(associated);
        packet[^IndexWordLength..].CopyTo(associated[associatedLength..]);
        return _rtcp.TryOpen(nonce, associated, text[associatedLength..], tag);
    }

    public override void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
    }

    private static void WriteNonce(Span<byte> nonce, ReadOnlySpan<byte> salt, Ssrc ssrc, SrtpIndex index)
    {
        nonce[0] = salt[0];
        nonce[1] = salt[1];
        BinaryPrimitives.WriteUInt32BigEndian(nonce[2..], ssrc.Value ^ BinaryPrimitives.ReadUInt32BigEndian(salt[2..]));
        BinaryPrimitives.WriteUInt16BigEndian(nonce[6..], (ushort)((index.Value >> 32) ^ BinaryPrimitives.ReadUInt16BigEndian(salt[6..])));
        BinaryPrimitives.WriteUInt32BigEndian(nonce[8..], (uint)index.Value ^ BinaryPrimitives.ReadUInt32BigEndian(salt[8..]));
    }
}
