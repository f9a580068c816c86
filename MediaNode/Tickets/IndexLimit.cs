namespace Hype.MediaNode.Tickets;

/// <summary>
/// Up to which index a portable transport may send, so that no (key, SSRC, index) is ever used twice (RFC 3711 §9.1), whatever of two
/// nodes, the control plane and the network fails or is late.
/// </summary>
/// <remarks>
/// A ticket names a bound for each slot. Whoever revives it starts at its bounds; so a node must stay below the bounds of every ticket
/// that may yet be revived, or was revived and is in use. They never sink from one ticket to the next, so the oldest such ticket is the
/// limit, and this class decides when it stops to be one.
/// <para>What is relied on, of the control plane (1–3), of the nodes (4–6) and of the client (7):</para>
/// <list type="number">
/// <item>It revives the newest ticket that it holds; when it has acknowledged one (<see cref="TicketReceipt"/>) it holds that one or a newer.</item>
/// <item>It revives no ticket of a node that it has not heard for 5 s (<see cref="ControlContact.Fresh"/>), nor one that came before such a silence.</item>
/// <item>It removes an endpoint here as soon as it hears that the revived one is connected, and its orders do not travel for longer than <see cref="Travel"/>.</item>
/// <item>A revived endpoint sends nothing before an authenticated check came to it, and is gone if none came within <see cref="ConnectTimeout"/>.</item>
/// <item>It sends nothing before the control plane has acknowledged its own first ticket: a ticket that was sent from is never the newest again.</item>
/// <item>A transport sends below the limit, and counts its own tickets' bounds from the moment they are issued.</item>
/// <item>It sends media and nominating checks to the node that it uses, and to no other (RFC 8445 §8.1.1, §12.1). Nobody replays its checks to
/// a revived endpoint that it has not come to, while the control plane cannot end the old one (docs/deviations.md).</item>
/// </list>
/// <para>
/// <b>Two nodes in turn.</b> The second starts at the bounds of a ticket of the first (4–6), which the first stays below while that ticket
/// is a limit. Indices below a bound are the first's, all others the second's; then the same with the second's tickets. By 5 no
/// third starts at the same bounds after the second has sent.
/// </para>
/// <para>
/// <b>When a ticket stops to be a limit.</b> After the moment E at which it is known to be out of the control plane's hands, either because a
/// newer one was acknowledged (1) or because it holds it and has not heard this node for 5 s (2), nobody begins to revive it but
/// by an order that is on its way (3). Any endpoint revived from it has, by E + <see cref="RevivalTime"/>, either been gone to by the
/// client or ended (4). If the client's media or nominating check comes to <i>this</i> node after that, the client has not gone (7), so
/// there is no such endpoint, and none will be. From then on the ticket limits nothing. A ticket that was never acknowledged may
/// be on its way still, and arrive after the silence: it stays a limit until a newer one is acknowledged.
/// </para>
/// <para>
/// So an endpoint whose client stays goes on although the control plane is away, and is not revivable until it comes back (2). With
/// 50 packets a second a slot has indices for two minutes when the control plane goes (<see cref="Workers.TicketIssuer"/>): more than the wait.
/// The few whose ticket was on its way at that moment have the two minutes, and then wait for the control plane.
/// </para>
/// </remarks>
internal sealed class IndexLimit
{
    /// <summary>Longest time that an order of the control plane, or its answer to an event, is on its way. Microseconds.</summary>
    public const long Travel = 10_000_000;

    /// <summary>An endpoint that no client connects to ends after this time. Microseconds.</summary>
    public const long ConnectTimeout = 30_000_000;

    /// <summary>From the last moment at which a ticket may be revived until that has come to something. Microseconds.</summary>
    public const long RevivalTime = ConnectTimeout + Travel;

    private const long NotYet = long.MaxValue / 2;

    private readonly Queue<Issued> _issued = new();

    /// <summary>Nothing limits: no ticket was issued, or none can be revived any more.</summary>
    public bool IsNone => _issued.Count == 0;

    /// <summary>The first index of a slot that must not be sent.</summary>
    public long Of(int slot) => IsNone ? long.MaxValue : _issued.Peek().Bounds[slot];

    public uint OfRtcp => IsNone ? uint.MaxValue : _issued.Peek().RtcpBound;

    /// <summary>From the moment it is issued a ticket may be on its way to the control plane's hands.</summary>
    /// <param name="bounds">Of each slot.</param>
    public void Add(ulong version, long[] bounds, uint rtcpBound) => _issued.Enqueue(new Issued(version, bounds, rtcpBound));

    /// <summary>True when another ticket is the limit now.</summary>
    /// <param name="kept">The newest ticket that the control plane has acknowledged.</param>
    /// <param name="usedAt">When the client last showed that it uses this node; never later than it was.</param>
    public bool Advance(ulong kept, long now, long usedAt, ControlContact contact)
    {
        foreach (var ticket in _issued)
        {
            if (ticket.Version < kept)
                ticket.ReplacedAt = Math.Min(ticket.ReplacedAt, now);
        }
        var before = _issued.Count;
        while (!IsNone && usedAt > _issued.Peek().ReplacedAt + RevivalTime)
            _issued.Dequeue();
        while (!IsNone && _issued.Peek().Version <= kept && !contact.IsFresh(usedAt - RevivalTime))
            _issued.Dequeue();
        return _issued.Count != before;
    }

    private sealed record Issued(ulong Version, long[] Bounds, uint RtcpBound)
    {
        /// <summary>When a newer one was acknowledged.</summary>
        public long ReplacedAt { get; set; } = NotYet;
    }
}
