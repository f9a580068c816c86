namespace Hype.MediaNode.Tickets;

/// <summary>A ticket on its way to the control plane (<c>TransportTicket</c> of media_node.proto).</summary>
/// <param name="Sealed">Keys and indices.</param>
/// <param name="Receipt">Where it is noted that the control plane holds this ticket.</param>
internal sealed record IssuedTicket(string IceUfrag, uint[] SlotSsrcs, string Fingerprint, ulong Version, byte[] Sealed, TicketReceipt Receipt)
{
    /// <summary>Never prints the keys.</summary>
    public override string ToString() => $"IssuedTicket {{ {Version} }}";
}

/// <summary>The newest ticket of an endpoint that the control plane holds: written by the registration, read by the worker.</summary>
internal sealed class TicketReceipt
{
    private ulong _kept;

    /// <summary>Its version; 0: none yet.</summary>
    public ulong Kept => Volatile.Read(ref _kept);

    public void Keep(ulong version)
    {
        if (version > Kept)
            Volatile.Write(ref _kept, version);
    }
}
