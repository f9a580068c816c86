using Hype.MediaNode.Srtp;

namespace Hype.MediaNode.Tickets;

/// <summary>
/// The index limit of a portable transport (one that another node can continue). Below the limit, no (key, SSRC, index) is ever used twice
/// (RFC 3711 §9.1), whatever fails or is late in two nodes, the control plane and the network.
/// </summary>
/// <remarks>
/// A ticket contains a bound for each slot, and its revival starts at these bounds. So a node must stay below the bounds of every ticket
/// that may still be revived, or was revived and is in use. Bounds never decrease from one ticket to the next, so the oldest such ticket
/// is the limit. This class decides when a ticket is no longer a limit.
/// <para>Assumptions on the control plane (1–3), the nodes (4–6) and the client (7):</para>
/// <list type="number">
/// <item>It revives each ticket at most once, across all activations of a channel. After it has acknowledged one
/// (<see cref="TicketReceipt"/>) it revives no older one; it need not hold the acknowledged one.</item>
/// <item>It decides no revival from a ticket of a node that has been silent for 5 s (<see cref="ControlContact.Fresh"/>), however late it
/// finds another node, nor from a ticket from before such a silence.</item>
/// <item>It removes an endpoint here as soon as it is notified that the revived one is connected, and its orders do not travel for longer
/// than <see cref="Travel"/>.</item>
/// <item>A revived endpoint sends nothing before its first authenticated check, and ends if none arrives within
/// <see cref="ConnectTimeout"/>.</item>
/// <item>It sends nothing before the control plane has acknowledged its own first ticket: a ticket whose revival has sent is older than
/// that one, and is never revived again.</item>
/// <item>A transport sends below the limit, and its own tickets' bounds count from the moment they are issued.</item>
/// <item>It sends media and nominating checks to the node that it uses, and to no other (RFC 8445 §8.1.1, §12.1). No attacker replays its
/// checks to a revived endpoint that the client has not moved to, while the control plane cannot end the old one
/// (docs/deviations.md).</item>
/// </list>
/// <para>
/// <b>Two nodes in turn.</b> The second node starts at the bounds of a ticket of the first (4–6), and the first stays below them while
/// that ticket is a limit. Indices below a bound belong to the first node, all others to the second; then the same holds for the second
/// node's tickets. By assumption 5 no third node starts at the same bounds after the second has sent.
/// </para>
/// <para>
/// <b>When a ticket is no longer a limit.</b> Let E be the moment from which the control plane certainly does not use the ticket: either
/// a newer one was acknowledged (1), or the control plane holds it and has not heard from this node for 5 s (2). After E its revival can
/// begin only by an order that is already on its way (3). By E + <see cref="RevivalTime"/> the client has either moved to every endpoint
/// revived from it, or the endpoint has ended (4). If the client's media or nominating check comes to <i>this</i> node after that, the
/// client has not moved (7). So there is no such endpoint, and there will be none: from then on the ticket limits nothing. A ticket that
/// was never acknowledged may still be on its way and arrive after the silence. It stays a limit until a newer one is acknowledged.
/// </para>
/// <para>
/// <b>A released endpoint</b> issued its last ticket for one hand-over: only the answer to that order contains it, and no list or report
/// does. The limit of the endpoint does not rise any more, so 5 s of silence do not end this ticket.
/// </para>
/// <para>
/// So an endpoint whose client stays continues although the control plane is away, and it is not revivable until the control plane
/// returns (2). A slot has indices for at least 45 s when the control plane goes away, the whole wait: at its highest pace for 52 s, and
/// while the limit is the first ticket after a revival at the pace that is lower for that time (<see cref="IsShort"/>). The few endpoints
/// whose ticket was on its way at that moment use up these indices (at 50 packets a second in eight minutes, or in two minutes after a
/// revival), and then wait for the control plane.
/// </para>
/// </remarks>
internal sealed class IndexLimit
{
    /// <summary>The assumed maximum delay of an order of the control plane, or of its response to an event, µs.</summary>
    public const long Travel = 10_000_000;

    /// <summary>The time after which an endpoint ends if its client has not connected, µs.</summary>
    public const long ConnectTimeout = 30_000_000;

    /// <summary>
    /// The time, in µs, from the last moment at which the control plane may order the revival of a ticket until that revival has succeeded
    /// or ended.
    /// </summary>
    public const long RevivalTime = ConnectTimeout + Travel;

    private const long NotYet = long.MaxValue / 2;

    private readonly Queue<Issued> _issued = new();

    /// <summary>True if no limit applies, because no ticket was issued or none can be revived any more.</summary>
    public bool IsNone => _issued.Count == 0;

    /// <summary>Returns the lowest index of a slot that must not be sent.</summary>
    public SrtpIndex Of(int slot) => IsNone ? SrtpIndex.Unlimited : _issued.Peek().Bounds[slot];

    public SrtpIndex OfRtcp => IsNone ? SrtpIndex.Unlimited : _issued.Peek().RtcpBound;

    /// <summary>True if a slot at the highest permitted pace could reach the limit before a newer ticket becomes the limit.</summary>
    public bool IsShort => !IsNone && _issued.Peek().IsShort;

    /// <summary>Adds a ticket as a limit at the moment of its issue: from then on it may be on its way to the control plane.</summary>
    /// <param name="bounds">The bound of each slot.</param>
    /// <param name="isShort">True if a bound is so near that the slots must advance slowly while the ticket is the limit.</param>
    public void Add(ulong version, SrtpIndex[] bounds, SrtpIndex rtcpBound, bool isShort = false) =>
        _issued.Enqueue(new Issued(version, bounds, rtcpBound, isShort));

    /// <summary>Removes the tickets that are no longer limits. Returns true if the limit changed.</summary>
    /// <param name="acknowledged">The newest ticket that the control plane has acknowledged.</param>
    /// <param name="usedAt">The last time at which the client showed that it uses this node; never too late.</param>
    public bool Advance(ulong acknowledged, long now, long usedAt, ControlContact contact)
    {
        foreach (var ticket in _issued)
        {
            if (ticket.Version < acknowledged)
                ticket.ReplacedAt = Math.Min(ticket.ReplacedAt, now);
        }

        var before = _issued.Count;
        while (!IsNone && usedAt > _issued.Peek().ReplacedAt + RevivalTime)
            _issued.Dequeue();
        while (!IsNone && _issued.Peek().Version <= acknowledged && !contact.IsFresh(usedAt - RevivalTime))
            _issued.Dequeue();
        return _issued.Count != before;
    }

    private sealed record Issued(ulong Version, SrtpIndex[] Bounds, SrtpIndex RtcpBound, bool IsShort)
    {
        /// <summary>The time at which the acknowledgement of a newer ticket was observed, in the worker's microseconds.</summary>
        public long ReplacedAt { get; set; } = NotYet;
    }
}
