namespace Hype.MediaNode.Net;

/// <summary>
/// The protocol of a datagram. All protocols share one UDP port and are distinguished by the first byte (RFC 7983 §7) and, for RTP and
/// RTCP, by the second (RFC 5761 §4).
/// </summary>
internal enum DatagramKind
{
    /// <summary>A protocol that this node does not support: ZRTP, a TURN channel, QUIC, or noise.</summary>
    Unknown,
    Stun,
    Dtls,
    Rtp,
    Rtcp,
}

/// <summary>
/// Classifies a datagram by its first bytes.
/// <code>
///  first byte   0..3      STUN
///              20..63     DTLS
///             128..191    RTP or RTCP: RTCP if the second byte is 192..223 (payload types 64..95 are never given to RTP)
/// </code>
/// </summary>
internal static class DatagramClassifier
{
    public static DatagramKind Classify(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length < 2)
            return DatagramKind.Unknown;
        return datagram[0] switch
        {
            <= 3 => DatagramKind.Stun,
            >= 20 and <= 63 => DatagramKind.Dtls,
            >= 128 and <= 191 => datagram[1] is >= 192 and <= 223 ? DatagramKind.Rtcp : DatagramKind.Rtp,
            _ => DatagramKind.Unknown,
        };
    }
}
