using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Srtp;

/// <summary>
/// A packet's index (RFC 3711 §3.3.1): the rollover counter, which is never sent, and the sequence number.
/// <code>
///  index = ROC · 2¹⁶ + SEQ,  48 bits
/// </code>
/// </summary>
internal static class SrtpIndex
{
    /// <summary>After this index the master key is spent (RFC 3711 §9.2).</summary>
    public const long Max = (1L << 48) - 1;

    /// <summary>After this SRTCP index the master key is spent.</summary>
    public const uint MaxRtcp = (1u << 31) - 1;

    /// <summary>
    /// The index nearest to <paramref name="highest"/> that ends in <paramref name="sequenceNumber"/>; negative: from before the
    /// first round, so nobody's.
    /// </summary>
    public static long Estimate(long highest, ushort sequenceNumber) =>
        highest + SequenceNumber.Distance((ushort)highest, sequenceNumber);
}
