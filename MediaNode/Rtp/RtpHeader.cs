using System.Buffers.Binary;

namespace Hype.MediaNode.Rtp;

/// <summary>
/// A view of an RTP header (RFC 3550 §5.1), valid for as long as the packet buffer. SRTP leaves the header in the clear, so it can be
/// read before the packet is decrypted; until then no field of it is authentic.
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// |V=2|P|X|  CC   |M|     PT      |       sequence number         |  0
/// |                           timestamp                           |  4
/// |                             SSRC                              |  8
/// |                    CSRC, CC times (0..15)                     | 12
/// |   if X: defined by profile    |     length in 32-bit words    |
/// |                       header extension                        |
/// </code>
/// </summary>
internal readonly ref struct RtpHeader
{
    public const int FixedLength = 12;

    private const ushort OneByteProfile = 0xBEDE;
    private const ushort TwoByteProfile = 0x1000;
    private const ushort TwoByteProfileMask = 0xFFF0;

    private readonly ReadOnlySpan<byte> _packet;
    private readonly ReadOnlySpan<byte> _extensionBody;

    private RtpHeader(ReadOnlySpan<byte> packet, int extensionOffset, int headerLength)
    {
        _packet = packet;
        ExtensionOffset = extensionOffset;
        HeaderLength = headerLength;
        _extensionBody = headerLength > extensionOffset ? packet[(extensionOffset + 4)..headerLength] : default;
    }

    /// <summary>
    /// True if the payload ends with padding, whose last byte is the padding's length. Under SRTP that byte is readable only after
    /// decryption.
    /// </summary>
    public bool HasPadding => (_packet[0] & 0x20) != 0;

    public bool HasExtension => (_packet[0] & 0x10) != 0;

    /// <summary>The number of CSRCs, 0–15.</summary>
    public int CsrcCount => _packet[0] & 0x0F;

    public bool Marker => (_packet[1] & 0x80) != 0;

    /// <summary>The payload type, 0–127.</summary>
    public byte PayloadType => (byte)(_packet[1] & 0x7F);

    public SequenceNumber SequenceNumber => SequenceNumber.Read(_packet[2..]);

    public uint Timestamp => BinaryPrimitives.ReadUInt32BigEndian(_packet[4..]);

    public Ssrc Ssrc => Ssrc.Read(_packet[8..]);

    /// <summary>The offset of the header extension (of its four-byte header), or of the payload if there is no extension.</summary>
    public int ExtensionOffset { get; }

    /// <summary>The number of bytes before the payload: the fixed header, the CSRCs and the extension.</summary>
    public int HeaderLength { get; }

    public static bool TryParse(ReadOnlySpan<byte> packet, out RtpHeader header)
    {
        header = default;
        if (packet.Length < FixedLength || packet[0] >> 6 != 2)
            return false;
        var extensionOffset = FixedLength + ((packet[0] & 0x0F) * 4);
        var headerLength = extensionOffset;
        if ((packet[0] & 0x10) != 0)
        {
            if (packet.Length < extensionOffset + 4)
                return false;
            headerLength += 4 + (BinaryPrimitives.ReadUInt16BigEndian(packet[(extensionOffset + 2)..]) * 4);
        }

        if (packet.Length < headerLength)
            return false;
        header = new RtpHeader(packet, extensionOffset, headerLength);
        return true;
    }

    /// <summary>
    /// Reads the speaker of a forwarded packet: the one CSRC that <see cref="RtpHeaderWriter.WriteForwardedHeader"/> writes. Returns false
    /// if the packet has no CSRC, several of them, or the CSRC 0.
    /// </summary>
    public bool TryGetSpeaker(out MemberNumber speaker)
    {
        speaker = CsrcCount == 1 ? MemberNumber.Read(_packet[FixedLength..]) : MemberNumber.None;
        return speaker != MemberNumber.None;
    }

    /// <summary>
    /// Finds an element of the header extension, in the one-byte or the two-byte form (RFC 8285 §4.2, §4.3).
    /// <code>
    ///  one-byte: |  ID   | len-1 | data ...      ID 0: padding, ID 15: stop reading
    ///  two-byte: |      ID       |      len      | data ...      ID 0: padding
    /// </code>
    /// </summary>
    /// <param name="id">As negotiated by <c>a=extmap</c>, 1–14 (one-byte form) or 1–255.</param>
    public bool TryGetExtension(byte id, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!HasExtension || id == 0)
            return false;
        var profile = BinaryPrimitives.ReadUInt16BigEndian(_packet[ExtensionOffset..]);
        return profile == OneByteProfile ? TryGetOneByte(id, out value)
            : (profile & TwoByteProfileMask) == TwoByteProfile && TryGetTwoByte(id, out value);
    }

    /// <summary>
    /// Returns the payload of a decrypted packet without its padding. Returns false if the padding is longer than the payload. Only tests
    /// and test clients use it.
    /// </summary>
    public bool TryGetPayload(ReadOnlySpan<byte> plainPacket, out ReadOnlySpan<byte> payload)
    {
        payload = plainPacket[HeaderLength..];
        if (!HasPadding)
            return true;
        if (payload.IsEmpty || payload[^1] == 0 || payload[^1] > payload.Length)
            return false;
        payload = payload[..^payload[^1]];
        return true;
    }

    private bool TryGetOneByte(byte id, out ReadOnlySpan<byte> value)
    {
        value = default;
        var rest = _extensionBody;
        while (!rest.IsEmpty)
        {
            var elementId = rest[0] >> 4;
            if (elementId == 15)
                return false;
            if (elementId == 0)
            {
                rest = rest[1..];
                continue;
            }

            var length = (rest[0] & 0x0F) + 1;
            if (length > rest.Length - 1)
                return false;
            if (elementId == id)
            {
                value = rest.Slice(1, length);
                return true;
            }

            rest = rest[(1 + length)..];
        }

        return false;
    }

    private bool TryGetTwoByte(byte id, out ReadOnlySpan<byte> value)
    {
        value = default;
        var rest = _extensionBody;
        while (!rest.IsEmpty)
        {
            if (rest[0] == 0)
            {
                rest = rest[1..];
                continue;
            }

            if (rest.Length < 2 || rest[1] > rest.Length - 2)
                return false;
            if (rest[0] == id)
            {
                value = rest.Slice(2, rest[1]);
                return true;
            }

            rest = rest[(2 + rest[1])..];
        }

        return false;
    }
}
