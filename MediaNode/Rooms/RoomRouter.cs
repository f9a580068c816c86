using Hype.MediaNode.Net;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Speakers;
using Hype.MediaNode.Srtp;
using Hype.MediaNode.Workers;

namespace Hype.MediaNode.Rooms;

/// <summary>
/// The packet's journey from one microphone to everyone's ears:
/// (1) parse, (2) read how loud it is, (3) drop what nobody will hear before decrypting it, (4) decrypt once,
/// (5) find the speaker's slot, (6) for each receiver write the header, encrypt, queue.
/// </summary>
internal sealed class RoomRouter(IDatagramSink sink)
{
    // Audio is a tenth of it. What is forwarded may be longer than what came, by a CSRC and a longer tag, and has to fit too.
    private const int LongestPacket = 1500;

    public void Route(RoomMember speaker, Span<byte> packet, long now, WorkerCounters counters)
    {
        var room = speaker.Room;
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
        var seated = publisher.CanSpeak && room.Speakers.SlotOf(speaker.Id) is not null;
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
        room.Speakers.Observe(speaker.Id, level, voice, now, out _);
        room.Dominant.Observe(speaker.Id, level, voice, now);

        // 5. The speaker's slot: the same for everyone, but for one case (see Room.SlotFor).
        if (room.Speakers.SlotOf(speaker.Id) is not { } slot)
        {
            publisher.Interrupt();
            counters.Drops.Add(DropReason.NotInSlot);
            return;
        }
        var payload = packet[header.HeaderLength..length];
        var source = new SlotSource(speaker.Number, publisher.Stretch(slot, header.Ssrc));

        // 6. For each receiver: map, write the header, encrypt from the one plaintext into its datagram, queue.
        var forwarded = 0;
        foreach (var receiver in room.Members)
        {
            if (receiver == speaker || !receiver.Subscriber.CanListen || receiver.Endpoint.Sender is not { } srtp)
                continue;
            if (room.SlotFor(receiver, slot) is not { } receiverSlot)
                continue;
            ref var stream = ref receiver.Subscriber.Slot(receiverSlot);
            if (!stream.TryMap(source, header.SequenceNumber, header.Timestamp, now, out var sequence, out var timestamp, out var starts))
            {
                counters.Drops.Add(DropReason.StaleInSlot);
                continue;
            }
            var datagram = sink.Reserve();
            var headerLength = RtpHeaderWriter.WriteForwardedHeader(datagram, header, packet, header.Marker || starts, sequence, timestamp, stream.Ssrc, speaker.Number);
            var size = srtp.Protect(datagram, headerLength, payload);
            if (size <= SrtpSender.Refused)
            {
                counters.Drops.Add(DropReasons.OfRefusal(size));
                if (size == SrtpSender.AtLimit)
                    stream.TakeBack(sequence);
                continue;
            }
            stream.Count(payload.Length);
            sink.Send(size, receiver.Endpoint.Ice.Selected);
            forwarded++;
        }
        counters.AddForwarded(forwarded);
    }
}
