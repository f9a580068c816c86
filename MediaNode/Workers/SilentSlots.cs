using Hype.MediaNode.Net;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Srtp;
using Hype.MediaNode.Tickets;

namespace Hype.MediaNode.Workers;

/// <summary>
/// Announces the index of silent slots to their receivers. Each move of an endpoint to another node advances the index of every slot by a
/// ticket's allowance, even in silence. A receiver that gets no packet of a slot over two moves would lose the rollover counter (RFC 3711
/// §3.3.1) and never decrypt the slot again. So the silent slots whose index has advanced far are announced by packets that contain only
/// padding, several times within some seconds.
/// </summary>
internal static class SilentSlots
{
    /// <summary>
    /// The number of indices that a silent slot may advance without an announcement: what is left then suffices for the highest pace
    /// (<see cref="TicketIssuer.FullPaceAllowance"/>).
    /// </summary>
    public const int LongestSilence = TicketIssuer.Allowance / 4;

    /// <summary>
    /// The number of times at which the packets are sent. Packets are lost one by one or in bursts of a second, hardly ever at all of
    /// these times.
    /// </summary>
    public const int Times = 4;

    // Packets at each time.
    private const int Repetitions = 2;

    // Microseconds.
    private const long Interval = 1_000_000;

    private const byte PaddingBit = 0x20;

    /// <summary>Sends the due announcements of a member's silent slots, as soon as the endpoint may send.</summary>
    public static void Tick(RoomMember member, PortableTransport portable, IDatagramSink sink, long now)
    {
        if (now < portable.NextAnnouncementAt || member.Endpoint.Sender is not { } sender)
            return;
        var (isFirst, isComplete) = (portable.Announcements == 0, true);
        for (var i = 0; i < member.Subscriber.SlotCount; i++)
        {
            ref var slot = ref member.Subscriber.Slot(i);
            if (slot.Started || !sender.TryGetHighestIndex(slot.Ssrc, out var highest))
                continue;
            var bit = 1UL << i;
            if (isFirst && highest - portable.Sent[i] >= LongestSilence)
                portable.AnnouncedSlots |= bit;
            if ((portable.AnnouncedSlots & bit) != 0 && (!isFirst || portable.Sent[i] < highest))
                isComplete &= TryAnnounce(member, portable, sender, sink, i, now);
        }

        // The tickets of this node permit few indices until the first announcement of all slots, and the client's address may not be
        // validated yet: the rest follows with the next tick.
        if (isFirst && !isComplete)
            return;
        portable.Announcements++;
        portable.NextAnnouncementAt = now + Interval;
        portable.IsAnnounced = portable.AnnouncedSlots == 0 || portable.Announcements == Times;
    }

    private static bool TryAnnounce(
        RoomMember member, PortableTransport portable, SrtpSender sender, IDatagramSink sink, int index, long now)
    {
        ref var slot = ref member.Subscriber.Slot(index);
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            if (!member.Endpoint.TrySpend(RtpHeader.FixedLength + 1 + sender.RtpExpansion))
                return false;
            var datagram = sink.Reserve();
            slot.Skip(now, out var sequence, out var timestamp);
            var header = RtpHeaderWriter.Write(datagram, PayloadTypes.Opus, marker: false, sequence, timestamp, slot.Ssrc);
            datagram[0] |= PaddingBit;
            // The last octet of padding is its length, itself included (RFC 3550 §5.1).
            var length = sender.Protect(datagram, header, [1]);
            if (length <= SrtpSender.Refused)
                return true;
            member.Endpoint.Send(length, sink);
            if (sender.TryGetHighestIndex(slot.Ssrc, out var sent))
                portable.Sent[index] = sent;
        }

        return true;
    }
}
