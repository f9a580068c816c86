using Hype.MediaNode.Cascade;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Transport;

namespace Hype.MediaNode.Workers;

/// <summary>
/// The worker's timers. Each endpoint, link and room has its own: if one throws, it is closed, and the timers of all others continue.
/// </summary>
internal sealed partial class MediaWorker
{
    private void Tick(long now)
    {
        var roundTrip = 0L;
        var (slots, speakers) = (0, 0);
        _handshakes.Tick(now);
        foreach (var (address, contest) in _endpoints.Contests)
            TryResolve(contest, address, now);
        foreach (var room in _rooms.Values)
        {
            foreach (var member in room.Members)
                TryTick(member, now);
            foreach (var link in room.Cascade.Links)
                TryTick(link, now);
            TryTick(room, now);
            roundTrip = Math.Max(roundTrip, room.Cascade.RoundTrip);
            var (held, speaking) = room.Speakers.InUse(now);
            slots += held;
            speakers += speaking;
        }

        (Counters.Slots, Counters.Speakers, Counters.HandshakesPending) = (slots, speakers, _handshakes.Pending);
        Counters.LinkRoundTrip = roundTrip;
        foreach (var member in _ended)
            TryEnd(member, now);
        _ended.Clear();
        foreach (var link in _failedLinks)
            TryRemove(link, now);
        _failedLinks.Clear();
        foreach (var room in _failedRooms)
            Close(room, now);
        _failedRooms.Clear();
    }

    private void TryTick(RoomMember member, long now)
    {
        try
        {
            if (!member.Endpoint.Tick(now, _socket))
            {
                _ended.Add(member);
                return;
            }

            TickPortable(member, now);
            _reports.Tick(member, now, Counters);
        }
        catch (Exception exception)
        {
            OnTimerFailed(exception, member.Room.Key, now);
            Fail(member);
        }
    }

    private void TryTick(CascadeLink link, long now)
    {
        try
        {
            _linkReports.Tick(link, now, Counters);
        }
        catch (Exception exception)
        {
            OnTimerFailed(exception, link.Room.Key, now);
            _linkReports.ReportLoss(link);
            _failedLinks.Add(link);
        }
    }

    private void TryTick(Room room, long now)
    {
        try
        {
            room.Cascade.Tick(now);
            room.UpdatePace(now);
            _reports.Tick(room, now);
        }
        catch (Exception exception)
        {
            OnTimerFailed(exception, room.Key, now);
            _failedRooms.Add(room);
        }
    }

    private void OnTimerFailed(Exception exception, RoomKey room, long now)
    {
        Counters.AddTimerFailure();
        if (MayLogFailure(now))
            LogTimerFailed(exception, room.Channel);
    }

    private void Fail(RoomMember member)
    {
        if (member.Endpoint.State == EndpointState.Closed)
            return;
        member.Endpoint.Fail();
        _ended.Add(member);
    }

    // The state of a failed endpoint may be inconsistent, so that its removal may throw too.
    private void TryEnd(RoomMember member, long now)
    {
        try
        {
            End(member);
        }
        catch (Exception exception)
        {
            OnTimerFailed(exception, member.Room.Key, now);
        }
    }

    private void TryRemove(CascadeLink link, long now)
    {
        try
        {
            Remove(link);
        }
        catch (Exception exception)
        {
            OnTimerFailed(exception, link.Room.Key, now);
        }
    }

    // The room's state may be wrong, so its members must begin again, in a new room.
    private void Close(Room room, long now)
    {
        foreach (var member in room.Members.ToArray())
        {
            if (member.Endpoint.State != EndpointState.Closed)
                member.Endpoint.Fail();
            TryEnd(member, now);
        }

        foreach (var link in room.Cascade.Links.ToArray())
            TryRemove(link, now);
        _rooms.Remove(room.Key);
        Counters.Rooms = _rooms.Count;
    }

    [LoggerMessage(
        Level = LogLevel.Error, Message = "A timer in a room of channel {Channel} failed; its endpoint, link or room was closed")]
    private partial void LogTimerFailed(Exception error, string channel);
}
