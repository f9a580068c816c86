using System.Buffers.Binary;
using System.Security.Cryptography;
using Hype.MediaNode.Ciphers;
using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Srtp;

/// <summary>
/// The cipher of the SRTP profile AES_CM_128_HMAC_SHA1_80 (RFC 3711 §4.1.1, §4.2.1).
/// <code>
///  RTP:   | header | ciphertext | tag 10 |                  tag over header, ciphertext and ROC 4
///  RTCP:  | 8 bytes | ciphertext | E · index 31 | tag 10 |  tag over everything before it
///  IV:    (salt · 2¹⁶) XOR (SSRC · 2⁶⁴) XOR (index · 2¹⁶): the low 16 bits count the blocks
/// </code>
/// Encryption and decryption are the same computation.
/// </summary>
internal sealed class CounterModeCipher(SrtpSessionKeys rtp, SrtpSessionKeys rtcp, AesEngine aes) : SrtpCipher
{
    private const int TagLength = 10;
    private const int IvLength = 16;
    private const int IndexWordLength = 4;

    private readonly CounterContext _rtp = CounterContext.Create(aes, rtp.Encryption);
    private readonly CounterContext _rtcp = CounterContext.Create(aes, rtcp.Encryption);
    private readonly HmacSha1 _rtpHash = new(rtp.Authentication);
    private readonly HmacSha1 _rtcpHash = new(rtcp.Authentication);
    private readonly byte[] _rtpSalt = rtp.Salt;
    private readonly byte[] _rtcpSalt = rtcp.Salt;

    public override int ProtectRtp(Span<byte> destination, int headerLength, ReadOnlySpan<byte> payload, Ssrc ssrc, SrtpIndex index)
    {
        Span<byte> iv = stackalloc byte[IvLength];
        WriteIv(iv, _rtpSalt, ssrc, index);
        var tagOffset = headerLength + payload.Length;
        _rtp.Transform(iv, payload, destination[headerLength..tagOffset]);
        WriteRtpTag(destination[..tagOffset], index, destination.Slice(tagOffset, TagLength));
        return tagOffset + TagLength;
    }

    public override bool TryUnprotectRtp(Span<byte> packet, int headerLength, Ssrc ssrc, SrtpIndex index)
    {
        Span<byte> tag = stackalloc byte[TagLength];
        var covered = packet[..^TagLength];
        WriteRtpTag(covered, index, tag);
        if (!CryptographicOperations.FixedTimeEquals(tag, packet[^TagLength..]))
            return false;
        Span<byte> iv = stackalloc byte[IvLength];
        WriteIv(iv, _rtpSalt, ssrc, index);
        _rtp.Transform(iv, covered[headerLength..], covered[headerLength..]);
        return true;
    }

    public override int ProtectRtcp(Span<byte> destination, ReadOnlySpan<byte> plain, Ssrc ssrc, SrtpIndex index)
    {
        Span<byte> iv = stackalloc byte[IvLength];
        WriteIv(iv, _rtcpSalt, ssrc, index);
        plain[..RtcpClearLength].CopyTo(destination);
        _rtcp.Transform(iv, plain[RtcpClearLength..], destination[RtcpClearLength..plain.Length]);
        BinaryPrimitives.WriteUInt32BigEndian(destination[plain.Length..], EncryptedFlag | (uint)index.Value);
        var tagOffset = plain.Length + IndexWordLength;
        _rtcpHash.Compute(destination[..tagOffset], default, destination.Slice(tagOffset, TagLength));
        return tagOffset + TagLength;
    }

    public override int RtcpIndexOffset(int packetLength) => packetLength - TagLength - IndexWordLength;

    public override bool TryUnprotectRtcp(Span<byte> packet, Ssrc ssrc, uint indexWord)
    {
        Span<byte> tag = stackalloc byte[TagLength];
        _rtcpHash.Compute(packet[..^TagLength], default, tag);
        if (!CryptographicOperations.FixedTimeEquals(tag, packet[^TagLength..]))
            return false;
        if ((indexWord & EncryptedFlag) == 0)
            return true;
        Span<byte> iv = stackalloc byte[IvLength];
        WriteIv(iv, _rtcpSalt, ssrc, new SrtpIndex(indexWord & ~EncryptedFlag));
        var text = packet[RtcpClearLength..^(TagLength + IndexWordLength)];
        _rtcp.Transform(iv, text, text);
        return true;
    }

    public override void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
        _rtpHash.Dispose();
        _rtcpHash.Dispose();
    }

    private static void WriteIv(Span<byte> iv, ReadOnlySpan<byte> salt, Ssrc ssrc, SrtpIndex index)
    {
        salt.CopyTo(iv);
        iv[14] = 0;
        iv[15] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(iv[4..], ssrc.Value ^ BinaryPrimitives.ReadUInt32BigEndian(iv[4..]));
        BinaryPrimitives.WriteUInt16BigEndian(iv[8..], (ushort)((index.Value >> 32) ^ BinaryPrimitives.ReadUInt16BigEndian(iv[8..])));
        BinaryPrimitives.WriteUInt32BigEndian(iv[10..], (uint)index.Value ^ BinaryPrimitives.ReadUInt32BigEndian(iv[10..]));
    }

    private void WriteRtpTag(ReadOnlySpan<byte> covered, SrtpIndex index, Span<byte> tag)
    {
        Span<byte> rolloverCounter = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(rolloverCounter, index.RolloverCounter);
        _rtpHash.Compute(covered, rolloverCounter, tag);
    }
}
