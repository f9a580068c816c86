using Hype.MediaNode.Cascade;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Speakers;
using Hype.MediaNode.Srtp;

namespace Hype.MediaNode.Forwarding;

/// <summary>
/// The rest of the journey in the other rooms of the channel (<see cref="RoomRouter"/> has the beginning):
/// (1) parse, (2) decrypt once, (3) read who speaks and whether it comes by the way that counts, (4) read how loud it is and let it
/// compete with the room's own members, (5) find its slot, (6) for each member write the header, encrypt, queue. There is no seventh
/// step: what came over a link goes over none.
/// </summary>
internal sealed class LinkRouter(FanOut fanOut)
{
    // What RoomRouter takes, grown by a CSRC and a longer tag.
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

        // 2. Decrypt once. No gate: the other room has dropped what nobody would hear, and every packet keeps the rollover counter.
        var result = link.Receiver.TryUnprotect(packet, header, out var length);
        if (result != SrtpResult.Ok)
        {
            counters.Drops.Add(DropReasons.Of(result));
            return;
        }
        counters.AddReceivedOverLink(packet.Length);
        link.OnMedia(header, now);

        // 3. Who speaks: the one CSRC, the participant's number.
        if (header.CsrcCount != 1 || header.GetCsrc(0) == 0 || !PayloadTypes.IsAudio(header.PayloadType))
        {
            counters.Drops.Add(DropReason.RtpMalformed);
            return;
        }
        var number = header.GetCsrc(0);
        var takesOver = link.ChangesSpeaker(from.Slot, number);
        if (room.Find(number) is { Publisher.CanSpeak: false })
        {
            counters.Drops.Add(DropReason.Muted);
            return;
        }
        if (room.Cascade.Hear(number, link, now) is not { } speaker)
        {
            counters.Drops.Add(DropReason.Overtaken);
            return;
        }
        // The slot's sequence numbers went on while it was another's: not a gap in what this one says.
        if (takesOver)
            speaker.Stretch.Interrupt();

        // 4. How loud, in the words of its microphone: the other end passed them on.
        if (!AudioLevel.TryRead(header, PayloadTypes.AudioLevelExtension, out var level, out var voice))
            (level, voice) = (AudioLevel.Assumed, true);
        room.Speakers.Observe(speaker.Id, level, voice, now, out _);
        room.Dominant.Observe(speaker.Id, level, voice, now);

        // 5. Its slot in this room.
        if (room.Speakers.SlotOf(speaker.Id) is not { } slot)
        {
            speaker.Stretch.Interrupt();
            counters.Drops.Add(DropReason.NotInSlot);
            return;
        }

        // 6. To the members.
        var spoken = new SpokenPacket(header, packet, packet[header.HeaderLength..length], number);
        fanOut.ToMembers(room, spoken, slot, speaker.Stretch.Continue(room, slot, header.Ssrc), now, counters);
    }
}
