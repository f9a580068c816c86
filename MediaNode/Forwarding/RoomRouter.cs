using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Speakers;
using Hype.MediaNode.Srtp;

namespace Hype.MediaNode.Forwarding;

/// <summary>
/// Routes a packet from one microphone to all listeners:
/// (1) parse, (2) read the level, (3) drop inaudible packets before decryption, (4) check the member's budget and decrypt once, (5) find
/// the speaker's slot, (6) for each receiver write the header, encrypt, queue, (7) the same for each link to another room of the channel,
/// where <see cref="LinkRouter"/> continues.
/// </summary>
internal sealed class RoomRouter(FanOut fanOut)
{
    // Audio needs a tenth of it. A forwarded packet may be longer than the received one, by a CSRC and a longer tag, and must fit too.
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

        // 2. The level is in the clear (RFC 6464), so that the next step needs no decryption. A packet without a level counts as speech.
        var declared = AudioLevel.TryRead(header, PayloadTypes.AudioLevelExtension, out var level, out var voice);
        if (!declared)
            (level, voice) = (AudioLevel.Assumed, true);

        // 3. Drop before decryption, limited so that the rollover counter stays known.
        var holdsSlot = publisher.CanSpeak && (room.Speakers.SlotOf(speaker.Number) ?? locals?.SlotOf(speaker.Number)) is not null;
        if (!publisher.Gate.Opens(
            holdsSlot, publisher.CanSpeak ? level : AudioLevel.Silence, voice && publisher.CanSpeak, header.SequenceNumber, now))
        {
            publisher.OnGated(header);
            counters.Drops.Add(publisher.CanSpeak ? DropReason.NotSpeaking : DropReason.Muted);
            return;
        }

        // 4. Decrypt once, within the member's budget. Only authentic packets are charged, and only they change a slot.
        if (!speaker.Budget.PermitsMedia(packet.Length, now))
        {
            speaker.Budget.RecordExcess(now);
            counters.Drops.Add(DropReason.PublisherTooFast);
            return;
        }

        var result = speaker.Endpoint.Receiver!.TryUnprotect(packet, header, out var length);
        if (result != SrtpResult.Ok)
        {
            counters.Drops.Add(DropReasons.Of(result));
            return;
        }

        speaker.Budget.ChargeMedia(packet.Length);
        publisher.OnAuthenticated(header, now);
        if (!publisher.CanSpeak)
        {
            publisher.Interrupt();
            counters.Drops.Add(DropReason.Muted);
            return;
        }

        if (room.Cascade.Find(speaker.Number) is { } moved && !moved.TryAccept(path: null, now))
        {
            publisher.Interrupt();
            counters.Drops.Add(DropReason.Overtaken);
            return;
        }

        room.Speakers.Observe(speaker.Number, level, voice, now, declared);
        room.Dominant.Observe(speaker.Number, level, voice, now, declared);
        locals?.Observe(speaker.Number, level, voice, now, declared);

        // 5. The speaker's slot in the room, and its slot on the links: louder speakers of other rooms may hold the room's slots.
        var slot = room.Speakers.SlotOf(speaker.Number);
        var linkSlot = locals?.SlotOf(speaker.Number);
        if (slot is null && linkSlot is null)
        {
            publisher.Interrupt();
            counters.Drops.Add(DropReason.NotInSlot);
            return;
        }

        var spoken = new SpokenPacket(header, packet, packet[header.HeaderLength..length], speaker.Number);

        // 6. Send to the members.
        if (slot is not { } here)
            publisher.InRoom.Interrupt();
        else if (publisher.InRoom.TryContinue(
            room, here, ref room.PaceOf(here), header.Ssrc, header.SequenceNumber, now, out var stretch))
            fanOut.ToMembers(room, spoken, here, stretch, now, counters);
        else
            counters.Drops.Add(DropReason.SlotTooFast);

        // 7. Send to the other rooms.
        if (linkSlot is not { } there)
            publisher.OnLinks.Interrupt();
        else if (publisher.OnLinks.TryContinue(
            room, there, ref room.Cascade.PaceOf(there), header.Ssrc, header.SequenceNumber, now, out var linkStretch))
            fanOut.ToLinks(room, spoken, there, linkStretch, now, counters);
        else
            counters.Drops.Add(DropReason.SlotTooFast);
    }
}
