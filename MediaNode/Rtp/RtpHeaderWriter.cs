using System.Buffers.Binary;

namespace Hype.MediaNode.Rtp;

/// <summary>Writes RTP headers (RFC 3550 §5.1; the diagram is at <see cref="RtpHeader"/>).</summary>
internal static class RtpHeaderWriter
{
    /// <summary>
    /// The maximum number of bytes by which a forwarded header is longer than the publisher's header, because it contains one CSRC.
    /// </summary>
    public const int MaxForwardedGrowth = 4;

    /// <summary>Writes a header without CSRC and extension. Returns the header's length, 12.</summary>
    public static int Write(
        Span<byte> destination, byte payloadType, bool marker, SequenceNumber sequenceNumber, uint timestamp, Ssrc ssrc)
    {
        destination[0] = 0x80;
        Rewrite(destination, payloadType, marker, sequenceNumber, timestamp, ssrc);
        return RtpHeader.FixedLength;
    }

    /// <summary>
    /// Replaces the payload type, marker, sequence number, timestamp and SSRC in place; version, padding bit, CSRCs and extension remain.
    /// </summary>
    public static void Rewrite(Span<byte> packet, byte payloadType, bool marker, SequenceNumber sequenceNumber, uint timestamp, Ssrc ssrc)
    {
        packet[1] = (byte)((marker ? 0x80 : 0) | (payloadType & 0x7F));
        Rewrite(packet, sequenceNumber, timestamp, ssrc);
    }

    /// <summary>Replaces the sequence number, timestamp and SSRC in place.</summary>
    public static void Rewrite(Span<byte> packet, SequenceNumber sequenceNumber, uint timestamp, Ssrc ssrc)
    {
        sequenceNumber.Write(packet[2..]);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], timestamp);
        ssrc.Write(packet[8..]);
    }

    /// <summary>
    /// Writes the header of a forwarded packet. It has the publisher's payload type, padding bit and extension, and the speaker as its one
    /// CSRC. Returns its length, which exceeds the publisher's header by at most <see cref="MaxForwardedGrowth"/>.
    /// </summary>
    public static int WriteForwardedHeader(
        Span<byte> destination,
        scoped in RtpHeader source,
        ReadOnlySpan<byte> sourcePacket,
        bool marker,
        SequenceNumber sequenceNumber,
        uint timestamp,
        Ssrc ssrc,
        MemberNumber speaker)
    {
        const int csrcCount = 1;
        destination[0] = (byte)((sourcePacket[0] & 0xF0) | csrcCount);
        Rewrite(destination, source.PayloadType, marker, sequenceNumber, timestamp, ssrc);
        speaker.Write(destination[RtpHeader.FixedLength..]);

        var extension = sourcePacket[source.ExtensionOffset..source.HeaderLength];
        extension.CopyTo(destination[(RtpHeader.FixedLength + 4)..]);
        return RtpHeader.FixedLength + 4 + extension.Length;
    }
}
