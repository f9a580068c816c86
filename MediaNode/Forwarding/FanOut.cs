using Hype.MediaNode.Cascade;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Srtp;

namespace Hype.MediaNode.Forwarding;

/// <summary>
/// Sends a decrypted packet to all its receivers, the last step of forwarding. For each receiver it maps the sequence number and
/// timestamp, writes the header, encrypts the shared plaintext into a datagram, and queues the datagram.
/// </summary>
internal sealed class FanOut(IDatagramSink sink)
{
    // A forwarded packet has a CSRC more than the received one, and a tag that is longer by at most 6 bytes.
    private const int LongestGrowth = 10;

    /// <summary>
    /// Sends a packet to all listening members of the room except its speaker. A member never receives its own voice, not even at a second
    /// endpoint during a move.
    /// </summary>
    /// <param name="slot">The speaker's slot: the same for all receivers, with one exception (<see cref="Room.SlotFor"/>).</param>
    public void ToMembers(Room room, scoped in SpokenPacket spoken, int slot, uint stretch, long now, WorkerCounters counters)
    {
        var source = new SlotSource(spoken.Speaker, stretch);
        var (forwarded, bytes) = (0, 0L);
        foreach (var receiver in room.Members)
        {
            if (receiver.Number == spoken.Speaker || !receiver.Subscriber.CanListen || receiver.Endpoint.Sender is not { } srtp)
                continue;
            if (room.SlotFor(receiver, slot) is not { } receiverSlot)
                continue;
            if (!receiver.Endpoint.TrySpend(spoken.Packet.Length + LongestGrowth))
            {
                counters.Drops.Add(DropReason.UnvalidatedAddress);
                continue;
            }

            ref var stream = ref receiver.Subscriber.Slot(receiverSlot);
            var paths = receiver.Endpoint.Ice.Paths;
            if (Send(spoken, source, ref stream, srtp, paths.Selected, paths.Local, now, counters.Drops) is > 0 and var length)
                (forwarded, bytes) = (forwarded + 1, bytes + length);
        }

        counters.AddForwarded(forwarded, bytes);
    }

    /// <summary>
    /// Sends a packet over each link to another room of the channel, once per room, whatever the number of listeners there.
    /// </summary>
    /// <param name="slot">The speaker's slot among the room's own members (<see cref="RoomCascade.LocalSpeakers"/>).</param>
    public void ToLinks(Room room, scoped in SpokenPacket spoken, int slot, uint stretch, long now, WorkerCounters counters)
    {
        var source = new SlotSource(spoken.Speaker, stretch);
        foreach (var link in room.Cascade.Links)
        {
            if (!link.CarriesMedia(now))
                continue;
            ref var stream = ref link.Slot(slot);
            if (Send(spoken, source, ref stream, link.Sender, link.Remote, local: default, now, counters.Drops) is > 0 and var length)
                counters.AddSentOverLink(length);
        }
    }

    // Returns the datagram's length, or 0.
    private int Send(
        scoped in SpokenPacket spoken, SlotSource source, ref SlotStream stream, SrtpSender srtp, TransportAddress to, LocalAddress local,
        long now, DropCounters drops)
    {
        if (!stream.TryMap(
            source, spoken.Header.SequenceNumber, spoken.Header.Timestamp, now, out var sequence, out var timestamp, out var starts))
        {
            drops.Add(DropReason.StaleInSlot);
            return 0;
        }

        var datagram = sink.Reserve();
        var headerLength = RtpHeaderWriter.WriteForwardedHeader(
            datagram, spoken.Header, spoken.Packet, spoken.Header.Marker || starts, sequence, timestamp, stream.Ssrc,
            spoken.Speaker);
        var length = srtp.Protect(datagram, headerLength, spoken.Payload);
        if (length <= SrtpSender.Refused)
        {
            drops.Add(DropReasons.OfRefusal(length));
            if (length == SrtpSender.AtLimit)
                stream.TakeBack(sequence);
            return 0;
        }

        stream.Count(spoken.Payload.Length);
        sink.Send(length, to, local);
        return length;
    }
}
