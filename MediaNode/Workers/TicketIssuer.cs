using System.Text;
using System.Threading.Channels;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Srtp;
using Hype.MediaNode.Tickets;

namespace Hype.MediaNode.Workers;

/// <summary>
/// Issues the tickets (sealed state from which another node can revive an endpoint) of a worker's portable endpoints: the first when an
/// endpoint connects, and newer ones before they are needed. It checks each endpoint ten times a second, so that a packet costs only the
/// comparison with its limit.
/// </summary>
internal sealed class TicketIssuer(MonotonicClock clock, ControlContact contact, ChannelWriter<RoomEvent> events)
{
    /// <summary>
    /// The number of SRTP indices between the highest used one and the bound in a new ticket of a node that sends. A receiver follows a
    /// jump of less than <see cref="LongestJump"/>. After a renewal a slot at the highest permitted pace (<see cref="SlotPace"/>) has
    /// enough for 52 s: longer than <see cref="IndexLimit.RevivalTime"/> and the 5 s after which the control plane counts as away.
    /// </summary>
    public const int Allowance = 3 << 13;

    /// <summary>
    /// The jump of the SRTP index that a receiver does not follow (RFC 3711 §3.3.1). A node that has sent nothing in a slot since its
    /// revival takes only three quarters of the distance that is left: the client may have lost the last packets of the node before. That
    /// is enough for two minutes of packets of 20 ms, longer than this ticket is the limit, and for 45 s at the pace of such a room
    /// (<see cref="SlotPace.SlowPerSecond"/>).
    /// </summary>
    public const int LongestJump = 1 << 15;

    /// <summary>
    /// The least allowance with which a slot may advance at its highest pace for the 45 s for which a ticket may be the limit.
    /// </summary>
    public const int FullPaceAllowance = (45 * SlotPace.PerSecond) + SlotPace.Burst;

    /// <summary>
    /// The least allowance of a slot with which a ticket is revived: 45 s of packets of 20 ms. Further revivals that the client does not
    /// follow leave less; then the member needs a new transport.
    /// </summary>
    public const int LeastAllowance = 45 * 50;

    /// <summary>The number of used SRTP indices after which a newer ticket is issued: 41 s of speech in one slot.</summary>
    public const int Step = 1 << 11;

    /// <summary>
    /// The number of SRTCP indices between the next one and the bound in a new ticket, enough for half an hour. Receivers follow any jump
    /// of the SRTCP index.
    /// </summary>
    public const int RtcpAllowance = 1 << 10;

    private const int RtcpStep = 1 << 8;

    // A receiver that is this far behind still finds the rollover: a quarter of the distance that the counter tolerates.
    private const int ReceivedStep = 1 << 13;

    // A publisher that jumps through its sequence numbers would otherwise cause a ticket in every tick. Microseconds.
    private const long LeastInterval = 250_000;

    // A ticket without an acknowledgement after this time is lost. Microseconds.
    private const long AckTimeout = 2_000_000;

    /// <summary>
    /// Returns true if the revival of a ticket leaves each slot enough indices for speech until a newer ticket is the limit.
    /// </summary>
    public static bool MayRevive(TransportTicket ticket) =>
        Array.TrueForAll(ticket.Slots, slot => AllowanceAfter((slot.Bound - 1) - slot.Sent) >= LeastAllowance);

    /// <summary>Issues a new ticket for a connected endpoint, its first or a newer one, and reports it to the control plane.</summary>
    public void Issue(RoomMember member, long now)
    {
        if (member.Endpoint.Portable is not { IsReleased: false } portable)
            return;
        events.TryWrite(
            new RoomEvent(member.Room.Key, RoomEventKind.Ticket, member.Number) { Ticket = Create(member, portable, now) });
    }

    /// <summary>
    /// Raises the endpoint's index limit if the control plane has acknowledged a ticket, and issues a ticket if one is due.
    /// </summary>
    public void Tick(RoomMember member, long now)
    {
        if (member.Endpoint.Portable is not { } portable)
            return;
        portable.ObserveUse(member.Endpoint.Ice.LastNomination, now);
        if (portable.IsReleased)
            return;
        if (portable.Limit.Advance(portable.Receipt.Acknowledged, now, portable.UsedAt, contact))
            Apply(portable);
        // While the control plane is away, tickets would only pile up.
        if (contact.IsFresh(now) && IsDue(member, portable, now))
            Issue(member, now);
    }

    /// <summary>
    /// Returns the newest valid ticket of an endpoint, and issues one if necessary. Null: the endpoint is not portable, not connected, or
    /// released.
    /// </summary>
    public IssuedTicket? Newest(RoomMember member, long now)
    {
        if (member.Endpoint.Portable is not { IsReleased: false } portable)
            return null;
        if (portable.Limit.IsNone)
            Issue(member, now);
        return portable.Newest;
    }

    /// <summary>
    /// Issues the last ticket of an endpoint that another node takes over. Only the caller gets it: a second owner could revive it again.
    /// Returns null if the endpoint is not portable, or was released for another hand-over.
    /// </summary>
    public IssuedTicket? Release(RoomMember member, ulong handOver, long now)
    {
        if (member.Endpoint.Portable is not { } portable)
            return null;
        if (!portable.IsReleased)
        {
            Create(member, portable, now);
            portable.HandOver = handOver;
        }

        return portable.HandOver == handOver ? portable.Newest : null;
    }

    private IssuedTicket Create(RoomMember member, PortableTransport portable, long now)
    {
        var content = Describe(member, portable, now);
        var ice = content.NextIce ?? content.Ice;
        var ticket = new IssuedTicket(
            Encoding.ASCII.GetString(ice.Ufrag), [.. content.Slots.Select(slot => slot.Ssrc)],
            CertificateFingerprint.Write(content.NodeFingerprint), content.Version,
            TransportTickets.Seal(content), portable.Receipt);
        (portable.Newest, portable.NewestContent, portable.NewestAt) = (ticket, content, now);
        portable.Limit.Add(
            content.Version, [.. content.Slots.Select(slot => slot.Bound)], content.RtcpBound,
            isShort: content.Slots.Any(slot => slot.Bound - HighestIn(portable, slot.Ssrc) < FullPaceAllowance));
        Apply(portable);
        return ticket;
    }

    private static bool IsDue(RoomMember member, PortableTransport portable, long now)
    {
        var newest = portable.NewestContent;
        if (newest is null || portable.Limit.IsNone)
            return true;
        if (now - portable.NewestAt < LeastInterval)
            return false;
        if (portable.Receipt.Acknowledged < newest.Version && now - portable.NewestAt >= AckTimeout)
            return true;
        // A ticket may be older than the client's answer to the check of this node, or than its move to another network.
        if (!IsSameHost(newest.ClientHost, member.Endpoint.Ice.Paths.Proved))
            return true;
        for (var i = 0; i < newest.Slots.Length; i++)
        {
            if (BoundOf(member, portable, i) - newest.Slots[i].Bound >= Step)
                return true;
        }

        return RtcpBoundOf(portable.Sender) - newest.RtcpBound >= RtcpStep
            || HasAdvanced(portable.Receiver.Sources, newest.Received)
            || HasAdvanced(portable.Receiver.RtcpSources, newest.ReceivedRtcp);
    }

    private static bool IsSameHost(TransportAddress? one, TransportAddress? other) =>
        (one is { } left && other is { } right) ? left.High == right.High && left.Low == right.Low : one is null && other is null;

    private static bool HasAdvanced(SsrcWindows sources, ReceivedSource[] inTicket)
    {
        if (sources.Count != inTicket.Length)
            return true;
        for (var i = 0; i < inTicket.Length; i++)
        {
            if (sources[i].Highest - inTicket[i].Highest > ReceivedStep)
                return true;
        }

        return false;
    }

    private TransportTicket Describe(RoomMember member, PortableTransport portable, long now)
    {
        var subscriber = member.Subscriber;
        var slots = new TicketSlot[subscriber.SlotCount];
        for (var i = 0; i < slots.Length; i++)
        {
            ref var slot = ref subscriber.Slot(i);
            if (slot.Started && portable.Sender.TryGetHighestIndex(slot.Ssrc, out var highest))
                portable.Sent[i] = highest;
            slots[i] = new TicketSlot(slot.Ssrc, BoundOf(member, portable, i), portable.Sent[i], slot.TimestampAt(now));
        }

        return new TransportTicket(portable.Keys)
        {
            Version = portable.FirstVersion + portable.Issued++,
            Ice = member.Endpoint.Ice.Credential,
            NextIce = member.Endpoint.Ice.Next,
            ClientIce = member.Endpoint.Ice.Client,
            ClientHost = member.Endpoint.Ice.Paths.Proved,
            PeerFingerprint = portable.PeerFingerprint,
            NodeFingerprint = portable.NodeFingerprint,
            At = clock.UnixAtZero + now,
            RtcpBound = RtcpBoundOf(portable.Sender),
            Slots = slots,
            Received = ListOf(portable.Receiver.Sources),
            ReceivedRtcp = ListOf(portable.Receiver.RtcpSources),
        };
    }

    private static SrtpIndex BoundOf(RoomMember member, PortableTransport portable, int slot)
    {
        ref var stream = ref member.Subscriber.Slot(slot);
        var highest = HighestIn(portable, stream.Ssrc);
        var allowance = member.Endpoint.IsRevived && !stream.Started ? AllowanceAfter(highest - portable.Sent[slot]) : Allowance;
        return SrtpIndex.Min(highest + allowance, SrtpIndex.Max);
    }

    private static SrtpIndex HighestIn(PortableTransport portable, Ssrc slot)
    {
        portable.Sender.TryGetHighestIndex(slot, out var highest);
        return highest;
    }

    /// <param name="unseen">The number of indices after the last one that the client may know.</param>
    private static int AllowanceAfter(long unseen) => (int)Math.Clamp((LongestJump - unseen) * 3 / 4, 1, Allowance);

    private static SrtpIndex RtcpBoundOf(SrtpSender sender) => SrtpIndex.Min(sender.NextRtcpIndex + RtcpAllowance, SrtpIndex.MaxRtcp);

    private static ReceivedSource[] ListOf(SsrcWindows sources)
    {
        var list = new ReceivedSource[sources.Count];
        for (var i = 0; i < list.Length; i++)
            list[i] = new ReceivedSource(sources.SsrcOf(i), sources[i].Highest);
        return list;
    }

    private static void Apply(PortableTransport portable)
    {
        var slots = portable.NewestContent!.Slots;
        for (var i = 0; i < slots.Length; i++)
            portable.Sender.SetLimit(slots[i].Ssrc, portable.Limit.Of(i));
        portable.Sender.RtcpLimit = portable.Limit.OfRtcp;
    }
}
