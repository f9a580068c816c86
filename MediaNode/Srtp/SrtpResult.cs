namespace Hype.MediaNode.Srtp;

/// <summary>The outcome for a packet; all but <see cref="Ok"/> are reasons to drop it.</summary>
internal enum SrtpResult
{
    Ok,

    /// <summary>There is no RTP or RTCP header, or no room for a tag after it.</summary>
    TooShort,

    /// <summary>The tag does not match: the packet is forged, damaged, or of another key.</summary>
    AuthenticationFailed,

    /// <summary>The index was used before.</summary>
    Replayed,

    /// <summary>The index is behind the replay window, so a replay cannot be excluded.</summary>
    TooOld,

    /// <summary>The key already has its maximum number of senders.</summary>
    TooManySsrcs,

    /// <summary>The master key has protected its maximum number of packets (RFC 3711 §9.2).</summary>
    KeyExhausted,
}
