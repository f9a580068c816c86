using Hype.MediaNode.Cascade;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Speakers;
using Hype.MediaNode.Srtp;

namespace Hype.MediaNode.Forwarding;

/// <summary>
/// Forwards a packet that arrived over a link from another room of the channel, where <see cref="RoomRouter"/> sent it:
/// (1) parse, (2) decrypt once, (3) read the speaker and drop the packet if newer ones came on another path, (4) read the audio level and
/// let the speaker compete with the room's own members for a slot, (5) find the speaker's slot, (6) for each member write the header,
/// encrypt and queue. A packet from a link is never sent over another link.
/// </summary>
internal sealed class LinkRouter(FanOut fanOut)
{
    // RoomRouter's limit, plus a CSRC and a longer tag.
    private const int LongestPacket = 1600;

    public void Route(LinkSlot from, Span<byte> packet, long now, WorkerCounters counters)
    {
        var link = from.Link;
        var room = link.Room;

        // 1. Parse.
        if (packet.Length > LongestPacket || !RtpHeader.TryParse(packet, out var header))
        {
            counters.Drops.Add(DropReason.RtpMalformed);
            return;
        }

        // 2. Decrypt once. There is no gate: the other room has dropped inaudible packets, and every packet advances the rollover
        // counter.
        var result = link.Receiver.TryUnprotect(packet, header, out var length);
        if (result != SrtpResult.Ok)
        {
            counters.Drops.Add(DropReasons.Of(result));
            return;
        }

        counters.AddReceivedOverLink(packet.Length);
        link.OnMedia(header, now);

        // 3. The speaker: the one CSRC is the member's number.
        if (!header.TryGetSpeaker(out var number) || !PayloadTypes.IsAudio(header.PayloadType))
        {
            counters.Drops.Add(DropReason.RtpMalformed);
            return;
        }

        var takesOver = link.SetSpeaker(from.Slot, number);
        if (room.Find(number) is { Publisher.CanSpeak: false })
        {
            counters.Drops.Add(DropReason.Muted);
            return;
        }

        if (room.Cascade.Accept(number, link, now) is not { } speaker)
        {
            counters.Drops.Add(DropReason.Overtaken);
            return;
        }

        // The slot's sequence numbers advanced while another speaker had it. That is not a gap in this speaker's stream.
        if (takesOver)
            speaker.Stretch.Interrupt();

        // 4. The level, as its microphone reported it: the other room passed it on.
        var declared = AudioLevel.TryRead(header, PayloadTypes.AudioLevelExtension, out var level, out var voice);
        if (!declared)
            (level, voice) = (AudioLevel.Assumed, true);
        room.Speakers.Observe(number, level, voice, now, declared);
        room.Dominant.Observe(number, level, voice, now, declared);

        // 5. The speaker's slot in this room.
        if (room.Speakers.SlotOf(number) is not { } slot)
        {
            speaker.Stretch.Interrupt();
            counters.Drops.Add(DropReason.NotInSlot);
            return;
        }

        // 6. Send to the members.
        if (!speaker.Stretch.TryContinue(
            room, slot, ref room.PaceOf(slot), header.Ssrc, header.SequenceNumber, now, out var stretch))
        {
            counters.Drops.Add(DropReason.SlotTooFast);
            return;
        }

        var spoken = new SpokenPacket(header, packet, packet[header.HeaderLength..length], number);
        fanOut.ToMembers(room, spoken, slot, stretch, now, counters);
    }
}
