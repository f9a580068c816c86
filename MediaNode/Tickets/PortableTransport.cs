using Hype.MediaNode.Dtls;
using Hype.MediaNode.Srtp;

namespace Hype.MediaNode.Tickets;

/// <summary>What a connected endpoint that may move to other nodes has more than others: its master keys, and what was said of it in tickets.</summary>
/// <param name="keys">Owned.</param>
/// <param name="nodeFingerprint">SHA-256 of the certificate that the handshake showed.</param>
internal sealed class PortableTransport(
    TransportKeys keys, SrtpSender sender, SrtpReceiver receiver, CertificateFingerprint peer, byte[] nodeFingerprint) : IDisposable
{
    private long _opened;
    private long _lookedAt;

    public TransportKeys Keys => keys;

    /// <summary>There before the endpoint may send.</summary>
    public SrtpSender Sender => sender;

    public SrtpReceiver Receiver => receiver;

    public CertificateFingerprint PeerFingerprint => peer;

    public byte[] NodeFingerprint => nodeFingerprint;

    /// <summary>Of each slot the highest index known to have been sent, by other nodes too; 0: none.</summary>
    public required long[] Sent { get; init; }

    /// <summary>Every slot that had gone far in silence has said where it is (<see cref="Workers.SilentSlots"/>).</summary>
    public bool IsAnnounced { get; set; }

    /// <summary>Of the tickets on this node.</summary>
    public required ulong FirstVersion { get; init; }

    /// <summary>Issued here so far.</summary>
    public uint Issued { get; set; }

    public TicketReceipt Receipt { get; } = new();

    public IndexLimit Limit { get; } = new();

    /// <summary>The newest that was issued, and what it says.</summary>
    public IssuedTicket? Newest { get; set; }

    /// <inheritdoc cref="Newest"/>
    public TransportTicket? NewestContent { get; set; }

    public long NewestAt { get; set; }

    /// <summary>Another node takes it over from the newest ticket: there is no other after it, and the limit stays where it is.</summary>
    public bool IsReleased { get; set; }

    /// <summary>The control plane holds a ticket of this node, so that it will not revive the one that this endpoint came from again.</summary>
    public bool IsKept => Receipt.Kept >= FirstVersion;

    /// <summary>When the client last showed that it uses this node, by media or by a nominating check; rather too early than too late.</summary>
    public long UsedAt { get; private set; } = long.MinValue / 2;

    public void Look(long lastNomination, long now)
    {
        // What was opened since the last look came after it.
        if (receiver.Opened != _opened)
            UsedAt = Math.Max(UsedAt, _lookedAt);
        UsedAt = Math.Max(UsedAt, lastNomination);
        (_opened, _lookedAt) = (receiver.Opened, now);
    }

    public void Dispose() => keys.Dispose();

    /// <summary>Never prints the keys.</summary>
    public override string ToString() => $"PortableTransport {{ {Issued} }}";
}
