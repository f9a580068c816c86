using System.Buffers.Binary;
using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Tests.Rtp;

/// <summary>Creates RTP packets as a browser sends them.</summary>
internal static class RtpPackets
{
    public const byte Opus = 111;

    public static byte[] Plain(ushort sequenceNumber = 1, uint ssrc = 0x11223344, int payloadLength = 80, uint timestamp = 960)
    {
        var packet = new byte[RtpHeader.FixedLength + payloadLength];
        RtpHeaderWriter.Write(packet, Opus, marker: false, new SequenceNumber(sequenceNumber), timestamp, new Ssrc(ssrc));
        for (var i = RtpHeader.FixedLength; i < packet.Length; i++)
            packet[i] = (byte)(i * 7);
        return packet;
    }

    /// <param name="profile">0xBEDE: one-byte elements; 0x1000: two-byte elements.</param>
    /// <param name="body">The elements; padded to 32 bits here.</param>
    public static byte[] WithExtension(ushort profile, ReadOnlySpan<byte> body, ushort sequenceNumber = 1, uint[]? csrcs = null)
    {
        var plain = Plain(sequenceNumber);
        csrcs ??= [];
        var words = (body.Length + 3) / 4;
        var extensionOffset = RtpHeader.FixedLength + (csrcs.Length * 4);
        var packet = new byte[extensionOffset + 4 + (words * 4) + plain.Length - RtpHeader.FixedLength];
        plain.AsSpan(0, RtpHeader.FixedLength).CopyTo(packet);
        packet[0] |= (byte)(0x10 | csrcs.Length);
        for (var i = 0; i < csrcs.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(RtpHeader.FixedLength + (i * 4)), csrcs[i]);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(extensionOffset), profile);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(extensionOffset + 2), (ushort)words);
        body.CopyTo(packet.AsSpan(extensionOffset + 4));
        plain.AsSpan(RtpHeader.FixedLength).CopyTo(packet.AsSpan(extensionOffset + 4 + (words * 4)));
        return packet;
    }

    /// <summary>
    /// Returns a packet like Chromium's: the RFC 6464 audio level in extension element 1, and the MID in extension element 4.
    /// </summary>
    public static byte[] WithLevel(byte level, bool voice, ushort sequenceNumber = 1) =>
        WithExtension(0xBEDE, [0x10, (byte)((voice ? 0x80 : 0) | level), 0x40, (byte)'0'], sequenceNumber);
}
