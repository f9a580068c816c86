using Hype.MediaNode.Dtls;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Stun;
using Hype.MediaNode.Transport;

namespace Hype.MediaNode.Workers;

/// <summary>The commands by which the control plane's orders change a worker; the mailbox runs them on the worker's thread.</summary>
internal sealed partial class MediaWorker
{
    /// <summary>Opens a room. Succeeds without effect if the room exists.</summary>
    public CommandResult OpenRoom(RoomKey key, int slots, DtlsContext dtls)
    {
        _rooms.TryAdd(key, new Room(key, slots, dtls, _limits.SlotPace));
        Counters.Rooms = _rooms.Count;
        return CommandResult.Done;
    }

    public CommandResult CloseRoom(RoomKey key)
    {
        if (!_rooms.Remove(key, out var room))
            return CommandResult.UnknownRoom;
        foreach (var member in room.Members.ToArray())
            Remove(member);
        foreach (var link in room.Cascade.Links.ToArray())
            Remove(link);
        Counters.Rooms = _rooms.Count;
        return CommandResult.Done;
    }

    public CommandResult AddEndpoint(RoomKey key, EndpointSpec spec)
    {
        if (!_rooms.TryGetValue(key, out var room))
            return CommandResult.UnknownRoom;
        if (spec.SlotSsrcs.Length != room.Slots)
            return CommandResult.WrongSlots;
        if (room.Find(spec.Number) is not null)
            return CommandResult.AlreadyThere;
        if (_endpoints.Count >= _limits.Endpoints)
            return CommandResult.Full;
        if (spec is { Ticket: { } spent, Portable: true } && !TicketIssuer.MayRevive(spent))
            return CommandResult.TicketSpent;
        var now = clock.Now;
        var endpoint = spec.Ticket is { } ticket
            ? Endpoint.Revive(ticket, room.Dtls, aes, now, spec.Portable)
            : new Endpoint(new IceLite(spec.IceUfrag, spec.IcePwd), room.Dtls, aes, now, spec.Portable ? room.Slots : 0);
        var member = new RoomMember(
            room, spec.Number, endpoint, new Publisher(spec.CanSpeak), new Subscriber(spec.SlotSsrcs, spec.CanListen),
            new MemberBudget(_limits.Budget));
        if (!_endpoints.TryAdd(member))
        {
            endpoint.Dispose();
            return CommandResult.AlreadyThere;
        }

        room.Add(member);
        Counters.Endpoints = _endpoints.Count;
        Counters.AddEndpoint(revived: spec.Ticket is not null);
        if (spec.Ticket is not null)
            Continue(member, spec.Ticket, now);
        return CommandResult.Done;
    }

    /// <summary>Takes the client's part of a transport from its SDP answer.</summary>
    /// <param name="client">The client's ICE credentials, which authenticate the checks of this node; null: this node sends none.</param>
    public CommandResult AcceptAnswer(
        RoomKey key, MemberNumber number, IceCredential? client, string fingerprintAlgorithm, byte[] fingerprint)
    {
        if (Find(key, number, out var missing) is not { } member)
            return missing;
        if (CertificateFingerprint.TryCreate(fingerprintAlgorithm, fingerprint) is not { } expected)
            return CommandResult.BadFingerprint;
        var wasConnected = member.Endpoint.State == EndpointState.Connected;
        var alive = member.Endpoint.AcceptFingerprint(expected);
        if (alive && client is not null)
            member.Endpoint.AcceptClient(client, clock.Now, _socket);
        AfterDtls(member, wasConnected, alive);
        return CommandResult.Done;
    }

    public CommandResult UpdateEndpoint(RoomKey key, MemberNumber number, bool canSpeak, bool canListen)
    {
        if (Find(key, number, out var missing) is not { } member)
            return missing;
        member.Publisher.CanSpeak = canSpeak;
        member.Subscriber.CanListen = canListen;
        return CommandResult.Done;
    }

    public CommandResult RemoveEndpoint(RoomKey key, MemberNumber number)
    {
        if (Find(key, number, out var missing) is not { } member)
            return missing;
        Remove(member);
        return CommandResult.Done;
    }

    private RoomMember? Find(RoomKey key, MemberNumber number, out CommandResult missing)
    {
        missing = CommandResult.UnknownRoom;
        if (!_rooms.TryGetValue(key, out var room))
            return null;
        missing = CommandResult.UnknownEndpoint;
        return room.Find(number);
    }
}
