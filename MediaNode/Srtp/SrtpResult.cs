namespace Hype.MediaNode.Srtp;

/// <summary>What became of a packet; all but <see cref="Ok"/> are reasons to drop it.</summary>
internal enum SrtpResult
{
    Ok,

    /// <summary>No RTP or RTCP header, or no room for a tag behind it.</summary>
    TooShort,

    /// <summary>The tag is not the packet's: forged, damaged, or of another key.</summary>
    AuthenticationFailed,

    /// <summary>This index has been used.</summary>
    Replayed,

    /// <summary>Behind the replay window, so that nobody can tell whether it is a replay.</summary>
    TooOld,

    /// <summary>The key already serves as many senders as it may.</summary>
    TooManySsrcs,

    /// <summary>The master key has protected as many packets as it may (RFC 3711 §9.2).</summary>
    KeyExhausted,
}
