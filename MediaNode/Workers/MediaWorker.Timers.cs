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
            TryEnd(member);
        _ended.Clear();
        foreach (var link in _failedLinks)
            Remove(link);
        _failedLinks.Clear();
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
            OnTimerFailed(exception, member.Room.Key);
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
            OnTimerFailed(exception, link.Room.Key);
            _linkReports.ReportLoss(link);
            _failedLinks.Add(link);
        }
    }

    private void TryTick(Room room, long now)
    {
        try
        {
            room.Cascade.Tick(now);
            _reports.Tick(room, now);
        }
        catch (Exception exception)
        {
            // The room's state may be wrong, so its members must begin again.
            OnTimerFailed(exception, room.Key);
            foreach (var member in room.Members)
                Fail(member);
        }
    }

    private void OnTimerFailed(Exception exception, RoomKey room)
    {
        Counters.AddTimerFailure();
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
    private void TryEnd(RoomMember member)
    {
        try
        {
            End(member);
        }
        catch (Exception exception)
        {
            OnTimerFailed(exception, member.Room.Key);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Error, Message = "A timer in a room of channel {Channel} failed; its endpoint, link or room was closed")]
    private partial void LogTimerFailed(Exception error, string channel);
}
