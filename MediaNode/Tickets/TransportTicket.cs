using Hype.MediaNode.Dtls;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Srtp;
using Hype.MediaNode.Stun;

namespace Hype.MediaNode.Tickets;

/// <summary>
/// An SSRC of the peer with its highest authentic index: a revived receiver treats this index and all lower ones as used.
/// </summary>
internal readonly record struct ReceivedSource(Ssrc Ssrc, SrtpIndex Highest);

/// <summary>The state of one slot of a transport, from which a reviving node continues the slot.</summary>
/// <param name="Bound">The first index that a revival may use; all below may have been used (ROC · 2¹⁶ + SEQ).</param>
/// <param name="Sent">The highest index known to be sent, so that a receiver can know it; 0: none.</param>
/// <param name="Timestamp">The slot's RTP timestamp at the time <see cref="TransportTicket.At"/>.</param>
internal readonly record struct TicketSlot(Ssrc Ssrc, SrtpIndex Bound, SrtpIndex Sent, uint Timestamp);

/// <summary>
/// The complete state of a connected transport, from which any node can continue the transport under the same keys.
/// <see cref="TransportTickets"/> writes and reads it. Dispose overwrites the keys.
/// </summary>
internal sealed class TransportTicket(TransportKeys keys) : IDisposable
{
    /// <summary>
    /// The number by which each revival raises the ticket version. The lower half of a version counts a node's tickets, and the upper half
    /// counts the revivals, so that all tickets of a revived transport are newer than those of the previous node.
    /// </summary>
    public const ulong Generation = 1ul << 32;

    public TransportKeys Keys => keys;

    public required ulong Version { get; init; }

    /// <summary>The ICE credentials that authenticate the peer's checks.</summary>
    public required IceCredential Ice { get; init; }

    /// <summary>The ICE credentials that replace <see cref="Ice"/> during an ICE restart; null: no restart is in progress.</summary>
    public IceCredential? NextIce { get; init; }

    /// <summary>The ICE credentials of the client, which authenticate the node's checks; null: the client's answer is not known.</summary>
    public IceCredential? ClientIce { get; init; }

    /// <summary>
    /// The address at which the client answered a check of the issuing node; null: none. The reviving node treats all ports of this IP
    /// address as validated for some seconds.
    /// </summary>
    public TransportAddress? ClientHost { get; init; }

    /// <summary>The fingerprint of the peer's certificate, verified in the handshake.</summary>
    public required CertificateFingerprint PeerFingerprint { get; init; }

    /// <summary>The SHA-256 fingerprint of the certificate that the node used in the handshake.</summary>
    public required byte[] NodeFingerprint { get; init; }

    /// <summary>The wall-clock time to which the slots' RTP timestamps belong, microseconds since 1970.</summary>
    public required long At { get; init; }

    /// <summary>The first SRTCP index that a reviving node may use.</summary>
    public required SrtpIndex RtcpBound { get; init; }

    public required TicketSlot[] Slots { get; init; }

    public required ReceivedSource[] Received { get; init; }

    public required ReceivedSource[] ReceivedRtcp { get; init; }

    public void Dispose() => keys.Dispose();

    /// <summary>Returns the version only, so that no log contains the keys.</summary>
    public override string ToString() => $"TransportTicket {{ {Version} }}";
}
