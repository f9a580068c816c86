using System.Text;
using System.Threading.Channels;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Srtp;
using Hype.MediaNode.Tickets;

namespace Hype.MediaNode.Workers;

/// <summary>
/// Hands out the tickets of a worker's portable endpoints: the first when one is connected, and newer ones ahead of need. It looks at
/// an endpoint ten times a second, so that tickets cost a packet nothing but the compare with its limit.
/// </summary>
internal sealed class TicketIssuer(MonotonicClock clock, ControlContact contact, ChannelWriter<RoomEvent> events)
{
    /// <summary>
    /// Indices between the highest used and the bound. A receiver follows a jump of less than 2¹⁵ (RFC 3711 §3.3.1); and from a renewal on,
    /// a slot of 100 packets a second has enough for a minute: longer than <see cref="IndexLimit.RevivalTime"/>.
    /// </summary>
    public const int Allowance = 1 << 13;

    /// <summary>So many more than the newest ticket's bound are worth a newer ticket: 41 s of speech in one slot.</summary>
    public const int Step = 1 << 11;

    /// <summary>As <see cref="Allowance"/>, for SRTCP, where any jump is followed; half an hour.</summary>
    public const int RtcpAllowance = 1 << 10;

    private const int RtcpStep = 1 << 8;

    // A receiver that is this far behind still finds the round: a quarter of what the rollover counter bears.
    private const int ReceivedStep = 1 << 13;

    // A ticket that nobody has acknowledged after this time is lost. Microseconds.
    private const long Lost = 2_000_000;

    /// <summary>A connected endpoint's first ticket, or a newer one.</summary>
    public void Issue(RoomMember member, long now)
    {
        if (member.Endpoint.Portable is not { IsReleased: false } portable)
            return;
        var content = Describe(member, portable, now);
        var ice = content.NextIce ?? content.Ice;
        var ticket = new IssuedTicket(
            Encoding.ASCII.GetString(ice.Ufrag), [.. content.Slots.Select(slot => slot.Ssrc)], CertificateFingerprint.Write(content.NodeFingerprint), content.Version,
            TransportTickets.Seal(content), portable.Receipt);
        (portable.Newest, portable.NewestContent, portable.NewestAt) = (ticket, content, now);
        portable.Limit.Add(content.Version, [.. content.Slots.Select(slot => slot.Bound)], content.RtcpBound);
        Apply(portable);
        events.TryWrite(new RoomEvent(member.Room.Key, RoomEventKind.Ticket, member.Number) { Ticket = ticket });
    }

    /// <summary>Lifts the limit as the control plane acknowledges, and issues what is due.</summary>
    public void Tick(RoomMember member, long now)
    {
        if (member.Endpoint.Portable is not { } portable)
            return;
        portable.Look(member.Endpoint.Ice.LastNomination, now);
        if (portable.IsReleased)
            return;
        if (portable.Limit.Advance(portable.Receipt.Kept, now, portable.UsedAt, contact))
            Apply(portable);
        // While the control plane is away tickets would only pile up.
        if (contact.IsFresh(now) && IsDue(portable, now))
            Issue(member, now);
    }

    /// <summary>Null: not portable, or not connected. A newer one is issued if the newest is no longer good.</summary>
    public IssuedTicket? Newest(RoomMember member, long now)
    {
        if (member.Endpoint.Portable is { } portable && portable.Limit.IsNone)
            Issue(member, now);
        return member.Endpoint.Portable?.Newest;
    }

    /// <summary>The last ticket of an endpoint that another node takes over; null: it is bound to this one.</summary>
    public IssuedTicket? Release(RoomMember member, long now)
    {
        if (member.Endpoint.Portable is not { } portable)
            return null;
        Issue(member, now);
        portable.IsReleased = true;
        return portable.Newest;
    }

    private static bool IsDue(PortableTransport portable, long now)
    {
        var newest = portable.NewestContent;
        if (newest is null || portable.Limit.IsNone)
            return true;
        if (portable.Receipt.Kept < newest.Version && now - portable.NewestAt >= Lost)
            return true;
        foreach (ref readonly var slot in newest.Slots.AsSpan())
        {
            if (BoundOf(portable.Sender, slot.Ssrc) - slot.Bound >= Step)
                return true;
        }
        return RtcpBoundOf(portable.Sender) - newest.RtcpBound >= RtcpStep
            || HasAdvanced(portable.Receiver.Sources, newest.Received)
            || HasAdvanced(portable.Receiver.RtcpSources, newest.ReceivedRtcp);
    }

    private static bool HasAdvanced(SsrcWindows sources, ReceivedSource[] said)
    {
        if (sources.Count != said.Length)
            return true;
        for (var i = 0; i < said.Length; i++)
        {
            if (sources[i].Highest - said[i].Highest > ReceivedStep)
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
            slots[i] = new TicketSlot(slot.Ssrc, BoundOf(portable.Sender, slot.Ssrc), portable.Sent[i], slot.TimestampAt(now));
        }
        return new TransportTicket(portable.Keys)
        {
            Version = portable.FirstVersion + portable.Issued++,
            Ice = member.Endpoint.Ice.Credential,
            NextIce = member.Endpoint.Ice.Next,
            PeerFingerprint = portable.PeerFingerprint,
            NodeFingerprint = portable.NodeFingerprint,
            At = clock.UnixAtZero + now,
            RtcpBound = RtcpBoundOf(portable.Sender),
            Slots = slots,
            Received = ListOf(portable.Receiver.Sources),
            ReceivedRtcp = ListOf(portable.Receiver.RtcpSources),
        };
    }

    private static long BoundOf(SrtpSender sender, uint ssrc)
    {
        sender.TryGetHighestIndex(ssrc, out var highest);
        return Math.Min(highest + Allowance, SrtpIndex.Max);
    }

    private static uint RtcpBoundOf(SrtpSender sender) => Math.Min(sender.NextRtcpIndex + RtcpAllowance, SrtpIndex.MaxRtcp);

    private static ReceivedSource[] ListOf(SsrcWindows sources)
    {
        var list = new ReceivedSource[sources.Count];
        for (var i = 0; i < list.Length; i++)
            list[i] = new ReceivedSource(sources.Ssrc(i), sources[i].Highest);
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
