using Hype.MediaNode.Net;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Srtp;
using Hype.MediaNode.Tickets;

namespace Hype.MediaNode.Workers;

/// <summary>
/// Announces the index of silent slots to their receivers. Each move of an endpoint to another node advances the index of every slot by a
/// ticket's allowance, even in silence. A receiver that gets no packet of a slot over several moves would lose the rollover counter (RFC
/// 3711 §3.3.1) and never decrypt the slot again. So a silent slot whose index has advanced far is announced by packets that contain only
/// padding.
/// </summary>
internal static class SilentSlots
{
    /// <summary>
    /// The maximum number of indices that a silent slot may advance without an announcement. Even if two announcements in a row are lost,
    /// the receiver stays within 2¹⁵.
    /// </summary>
    public const int LongestSilence = TicketIssuer.Allowance;

    // Packets per announcement. One packet is lost now and then, two in a row hardly ever.
    private const int Repetitions = 2;

    private const byte PaddingBit = 0x20;

    /// <summary>Sends the due announcements of a member's silent slots. Returns false if the endpoint may not send yet.</summary>
    public static bool TryAnnounce(RoomMember member, PortableTransport portable, IDatagramSink sink, long now)
    {
        if (member.Endpoint.Sender is not { } sender)
            return false;
        for (var i = 0; i < member.Subscriber.SlotCount; i++)
        {
            ref var slot = ref member.Subscriber.Slot(i);
            if (slot.Started || !sender.TryGetHighestIndex(slot.Ssrc, out var highest) || highest - portable.Sent[i] < LongestSilence)
                continue;
            for (var repetition = 0; repetition < Repetitions; repetition++)
            {
                var datagram = sink.Reserve();
                slot.Skip(now, out var sequence, out var timestamp);
                var header = RtpHeaderWriter.Write(datagram, PayloadTypes.Opus, marker: false, sequence, timestamp, slot.Ssrc);
                datagram[0] |= PaddingBit;
                // The last octet of padding is its length, itself included (RFC 3550 §5.1).
                var length = sender.Protect(datagram, header, [1]);
                if (length <= SrtpSender.Refused || !member.Endpoint.TrySpend(length))
                    break;
                sink.Send(length, member.Endpoint.Ice.Selected);
                portable.Sent[i] = highest + 1 + repetition;
            }
        }

        return true;
    }
}
