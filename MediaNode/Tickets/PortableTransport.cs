using Hype.MediaNode.Dtls;
using Hype.MediaNode.Srtp;

namespace Hype.MediaNode.Tickets;

/// <summary>
/// The additional state of a portable endpoint (one that another node can continue): its master keys and the tickets issued for it.
/// </summary>
/// <param name="keys">Owned by the transport, which disposes of them.</param>
/// <param name="nodeFingerprint">SHA-256 of the node's certificate in the handshake.</param>
internal sealed class PortableTransport(
    TransportKeys keys, SrtpSender sender, SrtpReceiver receiver, CertificateFingerprint peer, byte[] nodeFingerprint) : IDisposable
{
    private long _opened;
    private long _observedAt;

    public TransportKeys Keys => keys;

    /// <summary>The SRTP sender. It exists before the endpoint may send.</summary>
    public SrtpSender Sender => sender;

    public SrtpReceiver Receiver => receiver;

    public CertificateFingerprint PeerFingerprint => peer;

    public byte[] NodeFingerprint => nodeFingerprint;

    /// <summary>The highest index, for each slot, that this node or an earlier one is known to have sent; 0: none is known.</summary>
    public required SrtpIndex[] Sent { get; init; }

    /// <summary>
    /// True if padding packets have been sent, often enough, on all slots whose index jumped at the revival, so that receivers can follow
    /// the rollover counter (<see cref="Workers.SilentSlots"/>).
    /// </summary>
    public bool IsAnnounced { get; set; }

    /// <summary>The number of times at which the silent slots were announced.</summary>
    public int Announcements { get; set; }

    /// <summary>The time of the next announcement, µs.</summary>
    public long NextAnnouncementAt { get; set; }

    /// <summary>The slots that the first announcement contained, one bit for each.</summary>
    public ulong AnnouncedSlots { get; set; }

    /// <summary>The version of the first ticket that this node issues for the endpoint.</summary>
    public required ulong FirstVersion { get; init; }

    /// <summary>The number of tickets that this node has issued for the endpoint.</summary>
    public uint Issued { get; set; }

    public TicketReceipt Receipt { get; } = new();

    public IndexLimit Limit { get; } = new();

    /// <summary>The newest issued ticket, with sealed content; <see cref="NewestContent"/> is the content.</summary>
    public IssuedTicket? Newest { get; set; }

    /// <inheritdoc cref="Newest"/>
    public TransportTicket? NewestContent { get; set; }

    public long NewestAt { get; set; }

    /// <summary>The hand-over that received the last ticket; null: the endpoint is not released.</summary>
    public ulong? HandOver { get; set; }

    /// <summary>
    /// True if another node takes over from the newest ticket: this node then issues no further ticket, and the index limit does not rise
    /// any more.
    /// </summary>
    public bool IsReleased => HandOver is not null;

    /// <summary>
    /// True if the control plane has acknowledged a ticket issued by this node. From then on it never again revives the ticket from which
    /// this endpoint was revived.
    /// </summary>
    public bool HasAcknowledgedTicket => Receipt.Acknowledged >= FirstVersion;

    /// <summary>
    /// The last time at which the client demonstrably used this node, by media or a nominating check. The recorded time may be too early,
    /// but never too late.
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

    /// <summary>Returns the number of issued tickets only, so that no log contains the keys.</summary>
    public override string ToString() => $"PortableTransport {{ {Issued} }}";
}
