using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Rtcp;

/// <summary>A sequence number with its cycles (RFC 3550 A.1): cycles · 2¹⁶ + sequence number.</summary>
internal readonly record struct ExtendedSequenceNumber(uint Value)
{
    public SequenceNumber SequenceNumber => new((ushort)Value);

    public static ExtendedSequenceNumber operator +(ExtendedSequenceNumber number, int steps) => new(number.Value + (uint)steps);

    public static long operator -(ExtendedSequenceNumber left, ExtendedSequenceNumber right) => (long)left.Value - right.Value;
}
