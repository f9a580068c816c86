using System.Buffers.Binary;
using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Rtcp;

/// <summary>
/// A receiver's report on one stream (RFC 3550 §6.4.1).
/// <code>
/// |                   SSRC of the stream's sender                 |  0
/// | fraction lost |       cumulative number of packets lost       |  4
/// |           extended highest sequence number received           |  8
/// |                      interarrival jitter                      | 12
/// |                         last SR (LSR)                         | 16
/// |                   delay since last SR (DLSR)                  | 20
/// </code>
/// </summary>
/// <param name="FractionLost">The lost share of the packets expected since the last report, in 1/256.</param>
/// <param name="CumulativeLost">24 bits, signed: duplicates can make it negative.</param>
/// <param name="ExtendedHighestSequence">Cycles · 2¹⁶ + sequence number.</param>
/// <param name="Jitter">The jitter in units of the stream's RTP clock.</param>
/// <param name="LastSenderReport">The middle 32 bits of the last SR's NTP time; 0: no SR arrived.</param>
/// <param name="DelaySinceLastSenderReport">The delay in 1/65,536 s.</param>
internal readonly record struct ReportBlock(
    Ssrc Ssrc,
    byte FractionLost,
    int CumulativeLost,
    ExtendedSequenceNumber ExtendedHighestSequence,
    uint Jitter,
    uint LastSenderReport,
    uint DelaySinceLastSenderReport)
{
    public const int Length = 24;
    public const int MaxCumulativeLost = 0x7FFFFF;
    public const int MinCumulativeLost = -0x800000;

    public static ReportBlock Read(ReadOnlySpan<byte> source)
    {
        var lost = BinaryPrimitives.ReadInt32BigEndian(source[4..]);
        return new(
            Ssrc.Read(source),
            (byte)(lost >> 24),
            (lost << 8) >> 8,
            new ExtendedSequenceNumber(BinaryPrimitives.ReadUInt32BigEndian(source[8..])),
            BinaryPrimitives.ReadUInt32BigEndian(source[12..]),
            BinaryPrimitives.ReadUInt32BigEndian(source[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(source[20..]));
    }

    public void Write(Span<byte> destination)
    {
        Ssrc.Write(destination);
        BinaryPrimitives.WriteInt32BigEndian(destination[4..], (FractionLost << 24) | (CumulativeLost & 0xFFFFFF));
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], ExtendedHighestSequence.Value);
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], Jitter);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], LastSenderReport);
        BinaryPrimitives.WriteUInt32BigEndian(destination[20..], DelaySinceLastSenderReport);
    }

    /// <summary>
    /// Computes the round trip to the receiver (RFC 3550 §6.4.1): arrival − LSR − DLSR. Returns false if no sender report of this node had
    /// reached the receiver, or if the values are inconsistent.
    /// </summary>
    /// <param name="arrival">The arrival time of this report, by the clock of the SRs of this node.</param>
    /// <param name="microseconds">At least 0: clocks of 1/65,536 s may round to slightly below.</param>
    public bool TryGetRoundTrip(ulong arrival, out long microseconds)
    {
        microseconds = 0;
        if (LastSenderReport == 0)
            return false;
        var units = (int)(NtpTime.Middle(arrival) - LastSenderReport - DelaySinceLastSenderReport);
        const int roundingSlack = 66; // a millisecond
        if (units < -roundingSlack)
            return false;
        microseconds = NtpTime.ShortToMicroseconds((uint)Math.Max(0, units));
        return true;
    }
}
