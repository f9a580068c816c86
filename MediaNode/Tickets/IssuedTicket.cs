using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Tickets;

/// <summary>A ticket that this node has issued and sends to the control plane (<c>TransportTicket</c> of media_node.proto).</summary>
/// <param name="Sealed">Keys and indices.</param>
/// <param name="Receipt">The place for the control plane's acknowledgement.</param>
internal sealed record IssuedTicket(
    string IceUfrag, Ssrc[] SlotSsrcs, string Fingerprint, ulong Version, byte[] Sealed, TicketReceipt Receipt)
{
    /// <summary>Returns the version only, so that no log contains the keys.</summary>
    public override string ToString() => $"IssuedTicket {{ {Version} }}";
}

/// <summary>
/// The record of the newest ticket of an endpoint that the control plane has acknowledged: the registration writes it, the worker reads
/// it.
/// </summary>
internal sealed class TicketReceipt
{
    private ulong _acknowledged;

    /// <summary>The version of the newest acknowledged ticket; 0 before the first acknowledgement.</summary>
    public ulong Acknowledged => Volatile.Read(ref _acknowledged);

    public void Acknowledge(ulong version)
    {
        if (version > Acknowledged)
            Volatile.Write(ref _acknowledged, version);
    }
}
