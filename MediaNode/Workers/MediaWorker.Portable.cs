using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Stun;
using Hype.MediaNode.Tickets;

namespace Hype.MediaNode.Workers;

/// <summary>The worker's part for portable endpoints (those that can move to another node): tickets, revival and ICE restart.</summary>
internal sealed partial class MediaWorker
{
    /// <summary>
    /// Starts an ICE restart: adds new ICE credentials besides the old ones (RFC 8445 §9). A repeated call has no effect.
    /// </summary>
    public CommandResult RestartIce(RoomKey key, MemberNumber number, IceCredential next)
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

    /// <summary>
    /// Returns the members of the room, each with its newest ticket, and whether it was released to another node; null: the room does not
    /// exist.
    /// </summary>
    public List<(MemberNumber Number, IssuedTicket? Ticket, bool IsReleased)>? ListEndpoints(RoomKey key) =>
        _rooms.TryGetValue(key, out var room)
            ? [.. room.Members.Select(member =>
                (member.Number, _tickets.Newest(member, clock.Now), member.Endpoint.Portable is { IsReleased: true }))]
            : null;

    /// <summary>Returns, for each slot, the number of the member that is heard in it; 0: the slot is free.</summary>
    public MemberNumber[] ListSlots(RoomKey key) =>
        _rooms.TryGetValue(key, out var room)
            ? [.. Enumerable.Range(0, room.Speakers.Slots).Select(slot => room.Speakers.HolderOf(slot) ?? MemberNumber.None)]
            : [];

    /// <summary>
    /// Releases an endpoint that another node will take over. Returns its last ticket, or null if the endpoint is not portable or was
    /// released for another hand-over. The endpoint continues on this node until it is removed.
    /// </summary>
    public (CommandResult Result, IssuedTicket? Ticket) ReleaseEndpoint(RoomKey key, MemberNumber number, ulong handOver) =>
        Find(key, number, out var missing) is { } member
            ? (CommandResult.Done, _tickets.Release(member, handOver, clock.Now))
            : (missing, null);

    // The endpoint has just connected. Another node must know the position of its slots without a message for each packet.
    private void BeginPortable(RoomMember member)
    {
        if (member.Endpoint.Portable is null)
            return;
        var now = clock.Now;
        for (var i = 0; i < member.Subscriber.SlotCount; i++)
            member.Subscriber.Slot(i).ContinueAfter(lastSequence: default, timestamp: 0, now);
        _tickets.Issue(member, now);
    }

    // The endpoint was just revived: its slots continue in number and in time.
    private void Continue(RoomMember member, TransportTicket ticket, long now)
    {
        var at = Math.Min(now, ticket.At - clock.UnixAtZero);
        for (var i = 0; i < ticket.Slots.Length; i++)
            member.Subscriber.Slot(i).ContinueAfter((ticket.Slots[i].Bound - 1).SequenceNumber, ticket.Slots[i].Timestamp, at);
        _tickets.Issue(member, now);
        member.Room.UpdatePace(now);
    }

    private void TickPortable(RoomMember member, long now)
    {
        _tickets.Tick(member, now);
        if (member.Endpoint.Portable is { IsAnnounced: false } portable)
            SilentSlots.Tick(member, portable, _socket, now);
    }
}
