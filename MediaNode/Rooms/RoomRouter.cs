using Hype.MediaNode.Net;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Speakers;
using Hype.MediaNode.Srtp;
using Hype.MediaNode.Workers;

namespace Hype.MediaNode.Rooms;

/// <summary>
/// The packet's journey from one microphone to everyone's ears:
/// (1) parse, (2) hear how loud it is, (3) drop what nobody will hear before decrypting it, (4) decrypt once,
/// (5) find the speaker's slot, (6) for each receiver write the header, encrypt, queue.
/// </summary>
internal sealed class RoomRouter(IDatagramSink sink)
{
    public void Route(RoomMember speaker, Span<byte> packet, long now, WorkerCounters counters)
    {
        var room = speaker.Room;
        var publisher = speaker.Publisher;

        // 1. Parse.
        if (!RtpHeader.TryParse(packet, out var header))
        {
            counters.Drops.Add(DropReason.RtpMalformed);
            return;
        }
        if (!PayloadTypes.IsAudio(header.PayloadType))
        {
            counters.Drops.Add(DropReason.UnknownPayloadType);
            return;
        }

        // 2. How loud: in the clear (RFC 6464), so that it costs no decryption. A client that does not say counts as speaking.
        if (!AudioLevel.TryRead(header, PayloadTypes.AudioLevelExtension, out var level, out var voice))
            (level, voice) = (PayloadTypes.LevelOfUnknown, true);
        if (publisher.CanSpeak)
            room.Speakers.Observe(speaker.Index, level, voice, now);
        var slot = publisher.CanSpeak ? room.Speakers.SlotOf(speaker.Index) : Room.NoSlot;

        // 3. The drop before decryption, bounded so that the rollover counter holds.
        if (slot == Room.NoSlot)
        {
            publisher.Interrupt();
            if (!publisher.Gate.MustAuthenticate(header.SequenceNumber, now))
            {
                counters.Drops.Add(publisher.CanSpeak ? DropReason.NotSpeaking : DropReason.Muted);
                return;
            }
        }

        // 4. Decrypt once.
        var result = speaker.Endpoint.Receiver!.TryUnprotect(packet, header, out var length);
        if (result != SrtpResult.Ok)
        {
            counters.Drops.Add(DropReasons.Of(result));
            return;
        }
        publisher.OnAuthenticated(header, now);
        if (slot == Room.NoSlot)
        {
            counters.Drops.Add(publisher.CanSpeak ? DropReason.NotInSlot : DropReason.Muted);
            return;
        }
        room.Dominant.Observe(speaker.Index, level, now);

        // 5. The slot is the same for everyone, but for one case (see Room.SlotFor).
        var payload = packet[header.HeaderLength..length];
        var source = new SlotSource(speaker.Number, publisher.Stretch(slot, header.Ssrc));

        // 6. For each receiver: map, write the header, encrypt from the one plaintext into its datagram, queue.
        var forwarded = 0;
        foreach (var receiver in room.Members)
        {
            if (receiver == speaker || !receiver.Subscriber.CanListen || receiver.Endpoint.Sender is not { } srtp)
                continue;
            ref var stream = ref receiver.Subscriber.Slot(room.SlotFor(receiver, slot));
            if (!stream.TryMap(source, header.SequenceNumber, header.Timestamp, now, out var sequence, out var timestamp, out var starts))
            {
                counters.Drops.Add(DropReason.StaleInSlot);
                continue;
            }
            var datagram = sink.Reserve();
            var headerLength = RtpHeaderWriter.WriteForwardedHeader(datagram, header, packet, header.Marker || starts, sequence, timestamp, stream.Ssrc, speaker.Number);
            var size = srtp.Protect(datagram, headerLength, payload);
            if (size == SrtpSender.Refused)
            {
                counters.Drops.Add(DropReason.IndexReused);
                continue;
            }
            stream.Count(payload.Length);
            sink.Send(size, receiver.Endpoint.Ice.Selected);
            forwarded++;
        }
        counters.AddForwarded(forwarded);
    }
}
