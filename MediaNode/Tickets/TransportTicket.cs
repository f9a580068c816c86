using Hype.MediaNode.Dtls;
using Hype.MediaNode.Stun;

namespace Hype.MediaNode.Tickets;

/// <summary>What one of the peer's sources has sent: the highest authentic index; it and all below count as used.</summary>
internal readonly record struct ReceivedSource(uint Ssrc, long Highest);

/// <summary>One slot of a transport.</summary>
/// <param name="Bound">The first index that a revival may use; all below may have been used (ROC · 2¹⁶ + SEQ).</param>
/// <param name="Sent">The highest index that is known to have been sent, so that a receiver can know of it; 0: none.</param>
/// <param name="Timestamp">The slot's RTP timestamp at the moment <see cref="TransportTicket.At"/>.</param>
internal readonly record struct TicketSlot(uint Ssrc, long Bound, long Sent, uint Timestamp);

/// <summary>
/// All that makes a connected transport, so that any node can carry it on under the same keys. <see cref="TransportTickets"/> writes
/// and reads it. Dispose overwrites the keys.
/// </summary>
internal sealed class TransportTicket(TransportKeys keys) : IDisposable
{
    /// <summary>The counter of a node's tickets is the lower half, the upper half counts the revivals: a revived transport's tickets are newer than all of the node before.</summary>
    public const ulong Generation = 1ul << 32;

    public TransportKeys Keys => keys;

    public required ulong Version { get; init; }

    /// <summary>What the peer's checks are authenticated with.</summary>
    public required IceCredential Ice { get; init; }

    /// <summary>During an ICE restart, the credentials that the peer is told to use from now on.</summary>
    public IceCredential? NextIce { get; init; }

    /// <summary>The peer's certificate, verified in the handshake.</summary>
    public required CertificateFingerprint PeerFingerprint { get; init; }

    /// <summary>SHA-256 of the certificate that the node showed in the handshake.</summary>
    public required byte[] NodeFingerprint { get; init; }

    /// <summary>Wall clock, microseconds since 1970: when the slots' timestamps were read.</summary>
    public required long At { get; init; }

    /// <summary>The first SRTCP index that a revival may use.</summary>
    public required uint RtcpBound { get; init; }

    public required TicketSlot[] Slots { get; init; }

    public required ReceivedSource[] Received { get; init; }

    public required ReceivedSource[] ReceivedRtcp { get; init; }

    public void Dispose() => keys.Dispose();

    /// <summary>Never prints the keys.</summary>
    public override string ToString() => $"TransportTicket {{ {Version} }}";
}
