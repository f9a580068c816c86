using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Srtp;

/// <summary>
/// A packet's index (RFC 3711 §3.3.1): the rollover counter, which is never sent, and the sequence number.
/// <code>
///  SRTP:   index = ROC · 2¹⁶ + SEQ,  48 bits
///  SRTCP:  index, 31 bits, sent with each packet
/// </code>
/// </summary>
internal readonly record struct SrtpIndex(long Value)
{
    /// <summary>The highest SRTP index that may be used with a master key (RFC 3711 §9.2).</summary>
    public static SrtpIndex Max => new((1L << 48) - 1);

    /// <summary>The highest SRTCP index that may be used with a master key (RFC 3711 §9.2).</summary>
    public static SrtpIndex MaxRtcp => new((1L << 31) - 1);

    /// <summary>A limit above every index: it excludes none.</summary>
    public static SrtpIndex Unlimited => new(long.MaxValue);

    /// <summary>
    /// True for a negative index, as estimated for a packet from before the first rollover; no packet has such an index.
    /// </summary>
    public bool IsBeforeFirst => Value < 0;

    public SequenceNumber SequenceNumber => new((ushort)Value);

    public uint RolloverCounter => (uint)(Value >> 16);

    /// <summary>Returns the index of a stream's first packet: the sequence number, with a rollover counter of 0.</summary>
    public static SrtpIndex First(SequenceNumber sequenceNumber) => new(sequenceNumber.Value);

    /// <summary>
    /// Returns the index nearest to <paramref name="highest"/> whose lowest 16 bits are <paramref name="sequenceNumber"/>.
    /// </summary>
    public static SrtpIndex Estimate(SrtpIndex highest, SequenceNumber sequenceNumber) =>
        highest + SequenceNumber.Distance(highest.SequenceNumber, sequenceNumber);

    public static SrtpIndex Min(SrtpIndex first, SrtpIndex second) => first < second ? first : second;

    public static SrtpIndex operator +(SrtpIndex index, int steps) => new(index.Value + steps);

    public static SrtpIndex operator -(SrtpIndex index, int steps) => new(index.Value - steps);

    public static long operator -(SrtpIndex left, SrtpIndex right) => left.Value - right.Value;

    public static bool operator <(SrtpIndex left, SrtpIndex right) => left.Value < right.Value;

    public static bool operator >(SrtpIndex left, SrtpIndex right) => left.Value > right.Value;

    public static bool operator <=(SrtpIndex left, SrtpIndex right) => left.Value <= right.Value;

    public static bool operator >=(SrtpIndex left, SrtpIndex right) => left.Value >= right.Value;
}
