namespace Hype.MediaNode.Diagnostics;

/// <summary>
/// The reason for which a datagram was dropped. Each reason has a counter, because the packet path neither throws nor logs.
/// </summary>
internal enum DropReason
{
    /// <summary>The first byte of the datagram belongs to no protocol that this node supports (RFC 7983).</summary>
    UnknownKind,

    /// <summary>The datagram is not a well-formed STUN message.</summary>
    StunMalformed,

    /// <summary>No endpoint has the ufrag in the USERNAME of the STUN message.</summary>
    StunUnknownUfrag,

    /// <summary>
    /// MESSAGE-INTEGRITY is missing or wrong. The node sends no answer, so that forged requests cause no traffic to a victim.
    /// </summary>
    StunUnauthenticated,

    /// <summary>The STUN message is neither a binding request nor the answer to one of the last checks of this node.</summary>
    StunUnexpected,

    /// <summary>
    /// A STUN check came from an address that was recently confirmed for another endpoint. If that endpoint does not answer a check of
    /// this node, and the new client does, the address changes its holder.
    /// </summary>
    StunAddressTaken,

    /// <summary>The endpoint received more STUN checks than the rate limit allows; the node does not answer the excess.</summary>
    StunTooMany,

    /// <summary>
    /// The receiver's address is not validated, and would have received more than three times the bytes that came from it
    /// (<see cref="Transport.PathSelector"/>).
    /// </summary>
    UnvalidatedAddress,

    /// <summary>The source address is unknown: no authenticated STUN check came from it, and no link has the SSRC of the packet.</summary>
    UnknownAddress,

    /// <summary>Media arrived before the DTLS handshake was complete and the certificate fingerprint was verified.</summary>
    NotConnected,

    /// <summary>The DTLS handshake failed, or the certificate fingerprint does not match.</summary>
    DtlsRefused,

    /// <summary>The member sent more datagrams of DTLS than its budget permits.</summary>
    DtlsTooFast,

    /// <summary>The source address began more DTLS handshakes within a second than the limit allows.</summary>
    TooManyHandshakesOfAddress,

    /// <summary>The worker already has the maximum number of DTLS handshakes in progress.</summary>
    TooManyHandshakes,

    /// <summary>The room already has the maximum number of DTLS handshakes in progress.</summary>
    TooManyHandshakesOfRoom,

    RtpMalformed,

    /// <summary>The RTP payload type is not in the SDP offer.</summary>
    UnknownPayloadType,

    /// <summary>The member has no grant to speak, or is muted.</summary>
    Muted,

    /// <summary>The member neither speaks nor holds a slot; the packet was dropped before decryption.</summary>
    NotSpeaking,

    /// <summary>The member sent more media packets or bytes than its budget permits (<see cref="Rooms.MemberBudget"/>).</summary>
    PublisherTooFast,

    /// <summary>The authentication tag of the packet is wrong.</summary>
    SrtpUnauthenticated,

    /// <summary>The packet was received before, or is too old to exclude a replay.</summary>
    SrtpReplayed,

    /// <summary>The endpoint sends with more SSRCs than one microphone needs.</summary>
    SrtpTooManySsrcs,

    /// <summary>The packet was decrypted, but its speaker holds no slot, so no member receives it.</summary>
    NotInSlot,

    /// <summary>
    /// The packet is late: its speaker has moved between rooms of the channel, and newer packets have arrived on the other path.
    /// </summary>
    Overtaken,

    /// <summary>
    /// The speakers of a slot used its sequence numbers up faster than <see cref="Rooms.SlotPace"/> permits. Such a packet was not sent to
    /// the room, or not over its links.
    /// </summary>
    SlotTooFast,

    /// <summary>The packet is older than the first packet of its speaker's current stretch of speech in the slot.</summary>
    StaleInSlot,

    /// <summary>The outgoing SRTP index was already used with the receiver's key (RFC 3711 §9.1).</summary>
    IndexReused,

    /// <summary>
    /// The outgoing SRTP index has reached the bound of a ticket: a node that revives the endpoint from the ticket may use this index
    /// (<see cref="Tickets.IndexLimit"/>).
    /// </summary>
    BeyondTicket,

    /// <summary>A DTLS record arrived for a revived endpoint. Only the node that made the handshake can read it.</summary>
    DtlsElsewhere,

    RtcpMalformed,

    /// <summary>The member sent more RTCP compounds than its budget permits.</summary>
    RtcpTooFast,

    /// <summary>The worker failed at this datagram. Its source may be forged, so that no endpoint is closed for it.</summary>
    Failed,
}
