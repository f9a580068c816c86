using System.Threading.Channels;
using Hype.MediaNode.Srtp;

namespace Hype.MediaNode.Rooms;

/// <summary>RTCP ends here: what receivers and publishers report becomes quality, and what they are owed is sent.</summary>
internal sealed class RoomReports(ChannelWriter<RoomEvent> events)
{
    public void Receive(RoomMember reporter, Span<byte> packet, long now, DropCounters drops)
    {
        var result = reporter.Endpoint.Receiver!.TryUnprotectRtcp(packet, out _);
        if (result != SrtpResult.Ok)
            drops.Add(DropReasons.Of(result));
    }

    /// <summary>Reports that are due, silent speakers' slots, and the dominant speaker when it changed.</summary>
    public void Tick(Room room, long now)
    {
        while (room.Speakers.Tick(now, out _))
        {
        }
        room.Dominant.Tick(now);
        var dominant = (uint)(room.Dominant.Current ?? 0);
        if (dominant != room.AnnouncedDominant)
        {
            room.AnnouncedDominant = dominant;
            events.TryWrite(new RoomEvent(room.Key, RoomEventKind.DominantSpeaker, dominant));
        }
    }
}
