namespace Hype.MediaNode.Diagnostics;

/// <summary>Why a datagram ended here. Each has a counter; nothing on the packet path throws or logs.</summary>
internal enum DropReason
{
    /// <summary>The first byte belongs to no protocol of RFC 7983.</summary>
    UnknownKind,

    /// <summary>Not a well-formed STUN message.</summary>
    StunMalformed,

    /// <summary>No endpoint has this ufrag.</summary>
    StunUnknownUfrag,

    /// <summary>MESSAGE-INTEGRITY is missing or wrong: not answered, so that nobody is amplified.</summary>
    StunUnauthenticated,

    /// <summary>Not a binding request.</summary>
    StunUnexpected,

    /// <summary>The address is fresh in another endpoint's hands.</summary>
    StunAddressTaken,

    /// <summary>More checks of one endpoint in a second than anybody needs: not answered.</summary>
    StunTooMany,

    /// <summary>No authenticated check came from this address, and no link has this SSRC.</summary>
    UnknownAddress,

    /// <summary>Media before the handshake is done and the fingerprint was compared.</summary>
    NotConnected,

    /// <summary>The handshake failed or the fingerprint is another's.</summary>
    DtlsRefused,

    /// <summary>One address began as many handshakes in a second as it may.</summary>
    TooManyHandshakesOfAddress,

    /// <summary>As many handshakes are under way as the worker takes.</summary>
    TooManyHandshakes,

    RtpMalformed,

    /// <summary>Not a payload type of the offer.</summary>
    UnknownPayloadType,

    /// <summary>The participant may not speak, or is muted.</summary>
    Muted,

    /// <summary>Neither speaking nor in a slot: dropped before decryption.</summary>
    NotSpeaking,

    /// <summary>Authentication failed.</summary>
    SrtpUnauthenticated,

    /// <summary>Seen before, or too old to tell.</summary>
    SrtpReplayed,

    /// <summary>The source used more SSRCs than one microphone needs.</summary>
    SrtpTooManySsrcs,

    /// <summary>Decrypted to keep the rollover counter, but not in a slot.</summary>
    NotInSlot,

    /// <summary>Its speaker has moved to another room of the channel, or from there to here, and is heard by the other way already.</summary>
    Overtaken,

    /// <summary>Older than the moment its speaker took the slot.</summary>
    StaleInSlot,

    /// <summary>This index was used before with the receiver's key (RFC 3711 §9.1).</summary>
    IndexReused,

    /// <summary>At the bound of a ticket that another node may be reviving: this index may be the other's (<see cref="Tickets.IndexLimit"/>).</summary>
    BeyondTicket,

    /// <summary>DTLS for a revived endpoint: the association was another node's, and nobody here can read it.</summary>
    DtlsElsewhere,

    RtcpMalformed,
}
