using System.Buffers.Binary;

namespace Hype.MediaNode.Rtp;

/// <summary>
/// An RTP sequence number, with arithmetic modulo 2¹⁶ (RFC 1982). Two numbers with a distance of 2¹⁵ have no order: each counts as older
/// than the other.
/// </summary>
internal readonly record struct SequenceNumber(ushort Value)
{
    public static SequenceNumber Read(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadUInt16BigEndian(source));

    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt16BigEndian(destination, Value);

    /// <summary>
    /// Returns the number of steps from <paramref name="from"/> to <paramref name="to"/>, −32,768…32,767. A positive result means that
    /// <paramref name="to"/> is newer.
    /// </summary>
    public static int Distance(SequenceNumber from, SequenceNumber to) => (short)(to.Value - from.Value);

    public static SequenceNumber operator +(SequenceNumber number, int steps) => new((ushort)(number.Value + steps));

    public static SequenceNumber operator -(SequenceNumber number, int steps) => new((ushort)(number.Value - steps));
}
