using Hype.MediaNode.Cascade;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Workers;

/// <summary>
/// The worker's part for links to other rooms of a channel: the commands about links, and the dispatch of datagrams from addresses without
/// an endpoint.
/// </summary>
internal sealed partial class MediaWorker
{
    private const int RtpSsrcOffset = 8;
    private const int RtcpSsrcOffset = 4;

    public CommandResult AddLink(RoomKey key, LinkSpec spec)
    {
        if (!_rooms.TryGetValue(key, out var room))
            return CommandResult.UnknownRoom;
        if (spec.SendSsrcs.Length != room.Slots || spec.ReceiveSsrcs.Length != room.Slots)
            return CommandResult.WrongLinkSlots;
        if (room.Cascade.HadLink(spec.Name))
            return CommandResult.LinkAlreadyThere;
        var link = new CascadeLink(room, spec, aes, clock.Now);
        if (!_links.TryAdd(link))
        {
            link.Dispose();
            return CommandResult.LinkSsrcTaken;
        }

        room.Add(link);
        Counters.Links = _links.Count;
        return CommandResult.Done;
    }

    /// <summary>Returns the names of the room's links.</summary>
    public string[] ListLinks(RoomKey key) =>
        _rooms.TryGetValue(key, out var room) ? [.. room.Cascade.Links.Select(link => link.Name)] : [];

    /// <summary>Removes a link. Succeeds without effect if the link does not exist.</summary>
    public CommandResult RemoveLink(RoomKey key, string name)
    {
        if (_rooms.TryGetValue(key, out var room) && room.Cascade.Find(name) is { } link)
            Remove(link);
        return CommandResult.Done;
    }

    private void Remove(CascadeLink link)
    {
        link.Room.Remove(link);
        _links.Remove(link);
        link.Dispose();
        Counters.Links = _links.Count;
    }

    private void OnLinkMedia(Span<byte> datagram, long now)
    {
        if (TryFindLink(datagram, RtpSsrcOffset, out var from))
            _linkRouter.Route(from, datagram, now, Counters);
    }

    private void OnLinkReport(Span<byte> datagram, long now)
    {
        if (TryFindLink(datagram, RtcpSsrcOffset, out var from))
            _linkReports.Receive(from.Link, datagram, now, Counters);
    }

    private bool TryFindLink(ReadOnlySpan<byte> datagram, int ssrcOffset, out LinkSlot found)
    {
        found = default;
        if (datagram.Length >= ssrcOffset + sizeof(uint) && _links.TryFind(Ssrc.Read(datagram[ssrcOffset..]), out found))
            return true;
        Counters.Drops.Add(DropReason.UnknownAddress);
        return false;
    }
}
