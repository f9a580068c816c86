using System.Buffers.Binary;
using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Rtcp;

/// <summary>
/// The sender info of an SR (RFC 3550 §6.4.1).
/// <code>
/// |                         SSRC of sender                        |  0
/// |              NTP timestamp, most significant word             |  4
/// |              NTP timestamp, least significant word            |  8
/// |                         RTP timestamp                         | 12
/// |                     sender's packet count                     | 16
/// |                      sender's octet count                     | 20
/// </code>
/// </summary>
/// <param name="Ntp">The time of sending (<see cref="NtpTime"/>).</param>
/// <param name="RtpTimestamp">The same moment on the stream's own clock.</param>
/// <param name="Octets">Bytes of payload, without headers and padding.</param>
internal readonly record struct SenderReport(Ssrc Ssrc, ulong Ntp, uint RtpTimestamp, uint Packets, uint Octets)
{
    public const int Length = 24;

    public static SenderReport Read(ReadOnlySpan<byte> source) => new(
        Ssrc.Read(source),
        BinaryPrimitives.ReadUInt64BigEndian(source[4..]),
        BinaryPrimitives.ReadUInt32BigEndian(source[12..]),
        BinaryPrimitives.ReadUInt32BigEndian(source[16..]),
        BinaryPrimitives.ReadUInt32BigEndian(source[20..]));

    public void Write(Span<byte> destination)
    {
        Ssrc.Write(destination);
        BinaryPrimitives.WriteUInt64BigEndian(destination[4..], Ntp);
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], RtpTimestamp);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], Packets);
        BinaryPrimitives.WriteUInt32BigEndian(destination[20..], Octets);
    }
}
