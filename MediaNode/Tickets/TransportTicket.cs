using Hype.MediaNode.Dtls;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Srtp;
using Hype.MediaNode.Stun;

namespace Hype.MediaNode.Tickets;

/// <summary>The state of one SSRC of the peer: its highest authentic index. This index and all lower ones count as used.</summary>
internal readonly record struct ReceivedSource(Ssrc Ssrc, SrtpIndex Highest);

/// <summary>The state of one slot of a transport.</summary>
/// <param name="Bound">The first index that a revival may use; all below may have been used (ROC · 2¹⁶ + SEQ).</param>
/// <param name="Sent">The highest index known to be sent, so that a receiver can know it; 0: none.</param>
/// <param name="Timestamp">The slot's RTP timestamp at the time <see cref="TransportTicket.At"/>.</param>
internal readonly record struct TicketSlot(Ssrc Ssrc, SrtpIndex Bound, SrtpIndex Sent, uint Timestamp);

/// <summary>
/// The complete state of a connected transport, so that any node can continue it under the same keys. <see cref="TransportTickets"/>
/// writes and reads it. Dispose overwrites the keys.
/// </summary>
internal sealed class TransportTicket(TransportKeys keys) : IDisposable
{
    /// <summary>
    /// The increase of the version per revival: the lower half of a version counts a node's tickets, and the upper half counts the
    /// revivals. So a revived transport's tickets are newer than all of the previous node.
    /// </summary>
    public const ulong Generation = 1ul << 32;

    public TransportKeys Keys => keys;

    public required ulong Version { get; init; }

    /// <summary>The credentials that authenticate the peer's checks.</summary>
    public required IceCredential Ice { get; init; }

    /// <summary>During an ICE restart, the credentials that the peer must use from now on.</summary>
    public IceCredential? NextIce { get; init; }

    /// <summary>The fingerprint of the peer's certificate, verified in the handshake.</summary>
    public required CertificateFingerprint PeerFingerprint { get; init; }

    /// <summary>SHA-256 of the node's certificate in the handshake.</summary>
    public required byte[] NodeFingerprint { get; init; }

    /// <summary>The wall-clock time at which the slots' timestamps were read, microseconds since 1970.</summary>
    public required long At { get; init; }

    /// <summary>The first SRTCP index that a revival may use.</summary>
    public required SrtpIndex RtcpBound { get; init; }

    public required TicketSlot[] Slots { get; init; }

    public required ReceivedSource[] Received { get; init; }

    public required ReceivedSource[] ReceivedRtcp { get; init; }

    public void Dispose() => keys.Dispose();

    /// <summary>Never prints the keys.</summary>
    public override string ToString() => $"TransportTicket {{ {Version} }}";
}
