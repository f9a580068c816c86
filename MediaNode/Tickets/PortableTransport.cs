using Hype.MediaNode.Dtls;
using Hype.MediaNode.Srtp;

namespace Hype.MediaNode.Tickets;

/// <summary>
/// The additional state of a connected endpoint that may move to other nodes: its master keys and the tickets issued for it.
/// </summary>
/// <param name="keys">Owned by the transport, which disposes of them.</param>
/// <param name="nodeFingerprint">SHA-256 of the node's certificate in the handshake.</param>
internal sealed class PortableTransport(
    TransportKeys keys, SrtpSender sender, SrtpReceiver receiver, CertificateFingerprint peer, byte[] nodeFingerprint) : IDisposable
{
    private long _opened;
    private long _observedAt;

    public TransportKeys Keys => keys;

    /// <summary>The sender; exists before the endpoint may send.</summary>
    public SrtpSender Sender => sender;

    public SrtpReceiver Receiver => receiver;

    public CertificateFingerprint PeerFingerprint => peer;

    public byte[] NodeFingerprint => nodeFingerprint;

    /// <summary>The highest index known to be sent for each slot, by other nodes too; 0: none.</summary>
    public required SrtpIndex[] Sent { get; init; }

    /// <summary>
    /// True if padding packets were sent on all slots whose index jumped, so that receivers know the rollover counter
    /// (<see cref="Workers.SilentSlots"/>).
    /// </summary>
    public bool IsAnnounced { get; set; }

    /// <summary>The first ticket version of this node.</summary>
    public required ulong FirstVersion { get; init; }

    /// <summary>The number of tickets that this node has issued.</summary>
    public uint Issued { get; set; }

    public TicketReceipt Receipt { get; } = new();

    public IndexLimit Limit { get; } = new();

    /// <summary>The newest ticket, sealed; <see cref="NewestContent"/> is its content.</summary>
    public IssuedTicket? Newest { get; set; }

    /// <inheritdoc cref="Newest"/>
    public TransportTicket? NewestContent { get; set; }

    public long NewestAt { get; set; }

    /// <summary>
    /// True if another node takes over from the newest ticket: no ticket follows it, and the limit does not move any more.
    /// </summary>
    public bool IsReleased { get; set; }

    /// <summary>
    /// True if the control plane holds a ticket issued by this node. It then never again revives the ticket from which this endpoint was
    /// revived.
    /// </summary>
    public bool HasAcknowledgedTicket => Receipt.Acknowledged >= FirstVersion;

    /// <summary>
    /// The last time at which the client used this node, by media or a nominating check. The value may be too early, but never too late.
    /// </summary>
    public long UsedAt { get; private set; } = long.MinValue / 2;

    public void ObserveUse(long lastNomination, long now)
    {
        // Packets opened since the last look came after it.
        if (receiver.Opened != _opened)
            UsedAt = Math.Max(UsedAt, _observedAt);
        UsedAt = Math.Max(UsedAt, lastNomination);
        (_opened, _observedAt) = (receiver.Opened, now);
    }

    public void Dispose() => keys.Dispose();

    /// <summary>Never prints the keys.</summary>
    public override string ToString() => $"PortableTransport {{ {Issued} }}";
}
