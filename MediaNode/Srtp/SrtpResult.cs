namespace Hype.MediaNode.Srtp;

/// <summary>
/// The result of the check of an SRTP or SRTCP packet; every result except <see cref="Ok"/> is a reason to drop the packet.
/// </summary>
internal enum SrtpResult
{
    Ok,

    /// <summary>The packet is too short for an RTP or RTCP header and a tag.</summary>
    TooShort,

    /// <summary>The tag does not match: the packet is forged, damaged, or protected with another key.</summary>
    AuthenticationFailed,

    /// <summary>A packet with this index was already accepted or sent.</summary>
    Replayed,

    /// <summary>The index is below the replay window, so a replay cannot be excluded.</summary>
    TooOld,

    /// <summary>Packets of the maximum number of SSRCs were already accepted under this key.</summary>
    TooManySsrcs,

    /// <summary>The master key has already protected the maximum number of packets (RFC 3711 §9.2).</summary>
    KeyExhausted,
}
