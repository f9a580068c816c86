using Hype.MediaNode.Rooms;
using Hype.MediaNode.Stun;
using Hype.MediaNode.Tickets;

namespace Hype.MediaNode.Workers;

/// <summary>What a worker does for transports that can move to another node: tickets, revival, ICE restart.</summary>
internal sealed partial class MediaWorker
{
    /// <summary>New ICE credentials beside the old ones (RFC 8445 §9). Asked again, it is done already.</summary>
    public CommandResult RestartIce(RoomKey key, uint number, IceCredential next)
    {
        if (Find(key, number, out var missing) is not { } member)
            return missing;
        var ice = member.Endpoint.Ice;
        if (next.IsSameAs(ice.Credential) || (ice.Next is { } pending && next.IsSameAs(pending)))
            return CommandResult.Done;
        if (!_endpoints.TryAdd(member, next.Ufrag))
            return CommandResult.AlreadyThere;
        if (ice.Next is { } unused)
            _endpoints.Remove(unused.Ufrag);
        ice.Restart(next);
        _tickets.Issue(member, clock.Now);
        return CommandResult.Done;
    }

    /// <summary>Who is in the room, with the newest ticket of each; null: no such room.</summary>
    public List<(uint Number, IssuedTicket? Ticket)>? ListEndpoints(RoomKey key) =>
        _rooms.TryGetValue(key, out var room) ? [.. room.Members.Select(member => (member.Number, _tickets.Newest(member, clock.Now)))] : null;

    /// <summary>By slot, the number of who is heard in it; 0: nobody.</summary>
    public uint[] ListSlots(RoomKey key) =>
        _rooms.TryGetValue(key, out var room) ? [.. Enumerable.Range(0, room.Speakers.Slots).Select(slot => (uint)(room.Speakers.HolderOf(slot) ?? 0))] : [];

    /// <summary>Another node takes the endpoint over: its last ticket, null when it is bound to this node. It goes on here until it is removed.</summary>
    public (CommandResult Result, IssuedTicket? Ticket) ReleaseEndpoint(RoomKey key, uint number) =>
        Find(key, number, out var missing) is { } member ? (CommandResult.Done, _tickets.Release(member, clock.Now)) : (missing, null);

    // Just connected. Another node has to know where its slots are without being told of each packet.
    private void BeginPortable(RoomMember member)
    {
        if (member.Endpoint.Portable is null)
            return;
        var now = clock.Now;
        for (var i = 0; i < member.Subscriber.SlotCount; i++)
            member.Subscriber.Slot(i).ContinueAfter(lastSequence: 0, timestamp: 0, now);
        _tickets.Issue(member, now);
    }

    // Just revived: its slots go on in number and in time.
    private void Continue(RoomMember member, TransportTicket ticket, long now)
    {
        var at = Math.Min(now, ticket.At - clock.UnixAtZero);
        for (var i = 0; i < ticket.Slots.Length; i++)
            member.Subscriber.Slot(i).ContinueAfter((ushort)(ticket.Slots[i].Bound - 1), ticket.Slots[i].Timestamp, at);
        _tickets.Issue(member, now);
    }

    private void TickPortable(RoomMember member, long now)
    {
        _tickets.Tick(member, now);
        if (member.Endpoint.Portable is { IsAnnounced: false } portable)
            portable.IsAnnounced = SilentSlots.TryAnnounce(member, portable, _socket, now);
    }
}
