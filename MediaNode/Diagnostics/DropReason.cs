namespace Hype.MediaNode.Diagnostics;

/// <summary>The reason why a datagram was dropped. Each has a counter; nothing on the packet path throws or logs.</summary>
internal enum DropReason
{
    /// <summary>The first byte belongs to no protocol of RFC 7983.</summary>
    UnknownKind,

    /// <summary>Not a well-formed STUN message.</summary>
    StunMalformed,

    /// <summary>No endpoint has this ufrag.</summary>
    StunUnknownUfrag,

    /// <summary>MESSAGE-INTEGRITY is missing or wrong. There is no answer, so that there is no amplification.</summary>
    StunUnauthenticated,

    /// <summary>Not a binding request.</summary>
    StunUnexpected,

    /// <summary>The address was recently confirmed for another endpoint.</summary>
    StunAddressTaken,

    /// <summary>An endpoint's checks exceed the rate limit; there is no answer.</summary>
    StunTooMany,

    /// <summary>No authenticated check came from this address, and no link has this SSRC.</summary>
    UnknownAddress,

    /// <summary>Media before the handshake is complete and the fingerprint is verified.</summary>
    NotConnected,

    /// <summary>The handshake failed, or the fingerprint does not match.</summary>
    DtlsRefused,

    /// <summary>One address exceeds its handshakes in a second.</summary>
    TooManyHandshakesOfAddress,

    /// <summary>The worker has its maximum number of handshakes in progress.</summary>
    TooManyHandshakes,

    RtpMalformed,

    /// <summary>Not a payload type of the offer.</summary>
    UnknownPayloadType,

    /// <summary>The member may not speak, or is muted.</summary>
    Muted,

    /// <summary>The member neither speaks nor holds a slot: dropped before decryption.</summary>
    NotSpeaking,

    /// <summary>Authentication failed.</summary>
    SrtpUnauthenticated,

    /// <summary>Received before, or too old to tell.</summary>
    SrtpReplayed,

    /// <summary>The source uses more SSRCs than one microphone needs.</summary>
    SrtpTooManySsrcs,

    /// <summary>Decrypted to advance the rollover counter, but not in a slot.</summary>
    NotInSlot,

    /// <summary>The speaker has moved to or from another room of the channel and is already heard over the other path.</summary>
    Overtaken,

    /// <summary>Older than the moment at which its speaker took the slot.</summary>
    StaleInSlot,

    /// <summary>The index was used before with the receiver's key (RFC 3711 §9.1).</summary>
    IndexReused,

    /// <summary>
    /// The index is at the bound of a ticket that another node may be reviving, so the other node may use it (<see
    /// cref="Tickets.IndexLimit"/>).
    /// </summary>
    BeyondTicket,

    /// <summary>DTLS for a revived endpoint: the association belongs to another node, and this node cannot read it.</summary>
    DtlsElsewhere,

    RtcpMalformed,
}
