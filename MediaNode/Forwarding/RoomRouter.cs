using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Speakers;
using Hype.MediaNode.Srtp;

namespace Hype.MediaNode.Forwarding;

/// <summary>
/// The packet's journey from one microphone to everyone's ears:
/// (1) parse, (2) read how loud it is, (3) drop what nobody will hear before decrypting it, (4) decrypt once,
/// (5) find the speaker's slot, (6) for each receiver write the header, encrypt, queue, (7) the same for each link to another room of
/// the channel, where it goes on as <see cref="LinkRouter"/> has it.
/// </summary>
internal sealed class RoomRouter(FanOut fanOut)
{
    // Audio is a tenth of it. What is forwarded may be longer than what came, by a CSRC and a longer tag, and has to fit too.
    private const int LongestPacket = 1500;

    public void Route(RoomMember speaker, Span<byte> packet, long now, WorkerCounters counters)
    {
        var room = speaker.Room;
        var locals = room.Cascade.LocalSpeakers;
        var publisher = speaker.Publisher;

        // 1. Parse.
        if (packet.Length > LongestPacket || !RtpHeader.TryParse(packet, out var header))
        {
            counters.Drops.Add(DropReason.RtpMalformed);
            return;
        }
        if (!PayloadTypes.IsAudio(header.PayloadType))
        {
            counters.Drops.Add(DropReason.UnknownPayloadType);
            return;
        }

        // 2. How loud: in the clear (RFC 6464), so that the next step costs no decryption. Who does not say counts as speaking.
        if (!AudioLevel.TryRead(header, PayloadTypes.AudioLevelExtension, out var level, out var voice))
            (level, voice) = (AudioLevel.Assumed, true);

        // 3. The drop before decryption, bounded so that the rollover counter holds.
        var seated = publisher.CanSpeak && (room.Speakers.SlotOf(speaker.Id) ?? locals?.SlotOf(speaker.Id)) is not null;
        if (!publisher.Gate.Opens(seated, publisher.CanSpeak ? level : AudioLevel.Silence, voice && publisher.CanSpeak, header.SequenceNumber, now))
        {
            publisher.OnGated(header, now);
            counters.Drops.Add(publisher.CanSpeak ? DropReason.NotSpeaking : DropReason.Muted);
            return;
        }

        // 4. Decrypt once. Only what is authentic moves a slot.
        var result = speaker.Endpoint.Receiver!.TryUnprotect(packet, header, out var length);
        if (result != SrtpResult.Ok)
        {
            counters.Drops.Add(DropReasons.Of(result));
            return;
        }
        publisher.OnAuthenticated(header, now);
        if (!publisher.CanSpeak)
        {
            publisher.Interrupt();
            counters.Drops.Add(DropReason.Muted);
            return;
        }
        if (room.Cascade.Find(speaker.Number) is { } moved && !moved.TryHear(way: null, now))
        {
            publisher.Interrupt();
            counters.Drops.Add(DropReason.Overtaken);
            return;
        }
        room.Speakers.Observe(speaker.Id, level, voice, now, out _);
        room.Dominant.Observe(speaker.Id, level, voice, now);
        locals?.Observe(speaker.Id, level, voice, now, out _);

        // 5. The speaker's slot here, and the one among the room's own on the links: the louder ones of other rooms may take the first.
        var slot = room.Speakers.SlotOf(speaker.Id);
        var linkSlot = locals?.SlotOf(speaker.Id);
        if (slot is null && linkSlot is null)
        {
            publisher.Interrupt();
            counters.Drops.Add(DropReason.NotInSlot);
            return;
        }
        var spoken = new SpokenPacket(header, packet, packet[header.HeaderLength..length], speaker.Number);

        // 6. To the members.
        if (slot is { } here)
            fanOut.ToMembers(room, spoken, here, publisher.InRoom.Continue(room, here, header.Ssrc), now, counters);
        else
            publisher.InRoom.Interrupt();

        // 7. To the other rooms.
        if (linkSlot is { } there)
            fanOut.ToLinks(room, spoken, there, publisher.OnLinks.Continue(room, there, header.Ssrc), now, counters);
        else
            publisher.OnLinks.Interrupt();
    }
}
