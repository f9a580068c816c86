using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Rtcp;

/// <summary>An RTP sequence number extended by the count of its wraps (RFC 3550 A.1): cycles · 2¹⁶ + sequence number.</summary>
internal readonly record struct ExtendedSequenceNumber(uint Value)
{
    public SequenceNumber SequenceNumber => new((ushort)Value);

    public static ExtendedSequenceNumber operator +(ExtendedSequenceNumber number, int steps) => new(number.Value + (uint)steps);

    public static long operator -(ExtendedSequenceNumber left, ExtendedSequenceNumber right) => (long)left.Value - right.Value;
}
