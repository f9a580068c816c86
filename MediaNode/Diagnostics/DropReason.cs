namespace Hype.MediaNode.Diagnostics;

/// <summary>The reason why a datagram was dropped. Each has a counter; nothing on the packet path throws or logs.</summary>
internal enum DropReason
{
    /// <summary>The first byte belongs to no protocol of RFC 7983.</summary>
    UnknownKind,

    /// <summary>The datagram is not a well-formed STUN message.</summary>
    StunMalformed,

    /// <summary>No endpoint has this ufrag.</summary>
    StunUnknownUfrag,

    /// <summary>MESSAGE-INTEGRITY is missing or wrong. There is no answer, so that there is no amplification.</summary>
    StunUnauthenticated,

    /// <summary>The STUN message is not a binding request.</summary>
    StunUnexpected,

    /// <summary>The address was recently confirmed for another endpoint.</summary>
    StunAddressTaken,

    /// <summary>An endpoint's checks exceed the rate limit; there is no answer.</summary>
    StunTooMany,

    /// <summary>No authenticated check came from this address, and no link has this SSRC.</summary>
    UnknownAddress,

    /// <summary>Media arrived before the handshake was complete and the fingerprint was verified.</summary>
    NotConnected,

    /// <summary>The handshake failed, or the fingerprint does not match.</summary>
    DtlsRefused,

    /// <summary>One address began too many handshakes within a second.</summary>
    TooManyHandshakesOfAddress,

    /// <summary>The worker has its maximum number of handshakes in progress.</summary>
    TooManyHandshakes,

    RtpMalformed,

    /// <summary>The payload type is not one of the offer.</summary>
    UnknownPayloadType,

    /// <summary>The member may not speak, or is muted.</summary>
    Muted,

    /// <summary>The member neither speaks nor holds a slot; the packet was dropped before decryption.</summary>
    NotSpeaking,

    /// <summary>The authentication tag of the packet is wrong.</summary>
    SrtpUnauthenticated,

    /// <summary>The packet was received before, or is too old to exclude a replay.</summary>
    SrtpReplayed,

    /// <summary>The source uses more SSRCs than one microphone needs.</summary>
    SrtpTooManySsrcs,

    /// <summary>The packet was decrypted, but its speaker holds no slot.</summary>
    NotInSlot,

    /// <summary>The speaker has moved to or from another room of the channel and is already heard over the other path.</summary>
    Overtaken,

    /// <summary>The packet is older than the moment at which its speaker took the slot.</summary>
    StaleInSlot,

    /// <summary>The index was used before with the receiver's key (RFC 3711 §9.1).</summary>
    IndexReused,

    /// <summary>
    /// The index is at the bound of a ticket: another node that revives the endpoint may use this index (<see
    /// cref="Tickets.IndexLimit"/>).
    /// </summary>
    BeyondTicket,

    /// <summary>DTLS for a revived endpoint: the association belongs to another node, and this node cannot read it.</summary>
    DtlsElsewhere,

    RtcpMalformed,
}
