using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Tickets;

/// <summary>A ticket on its way to the control plane (<c>TransportTicket</c> of media_node.proto).</summary>
/// <param name="Sealed">Keys and indices.</param>
/// <param name="Receipt">The place for the control plane's acknowledgement.</param>
internal sealed record IssuedTicket(
    string IceUfrag, Ssrc[] SlotSsrcs, string Fingerprint, ulong Version, byte[] Sealed, TicketReceipt Receipt)
{
    /// <summary>Never prints the keys.</summary>
    public override string ToString() => $"IssuedTicket {{ {Version} }}";
}

/// <summary>The acknowledged tickets of an endpoint: written by the registration, read by the worker.</summary>
internal sealed class TicketReceipt
{
    private ulong _acknowledged;

    /// <summary>The version of the newest acknowledged ticket; 0: none yet.</summary>
    public ulong Acknowledged => Volatile.Read(ref _acknowledged);

    public void Acknowledge(ulong version)
    {
        if (version > Acknowledged)
            Volatile.Write(ref _acknowledged, version);
    }
}
