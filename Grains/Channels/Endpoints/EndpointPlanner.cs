using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels.Layouts;
using Hype.Grains.Channels.Members;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Channels.Endpoints;

/// <summary>
/// Every member has a transport in a room of each forwarded layout, in the room of its region. Whose room is gone or to be emptied
/// moves to another one, by the lightest way that its client follows:
/// <list type="number">
/// <item>revived on the new node under the same keys, and the client told the new candidates;</item>
/// <item>an ICE restart of the same connection, for browsers that take no late candidate;</item>
/// <item>a new connection.</item>
/// </list>
/// A room that is gone empties at once. One that is to be emptied stays linked to the new one and empties a few members at a time,
/// each of whom leaves the old node only when the new one has seen him.
/// </summary>
internal sealed class EndpointPlanner(
    ChannelOptions options, Roster roster, LayoutTransition layouts, RoomLinks links, Action<ChannelEffect> emit, Action<Member, LeaveReason> end)
{
    /// <summary>Members who move out of a room at the same time: so few that a mistake costs few.</summary>
    private const int MovesAtOnce = 4;

    public DateTimeOffset? NextDeadline => layouts.Announced.SelectMany(layout => layout.Endpoints.Values).Min(endpoint => endpoint.Deadline);

    public MemberEndpoint? Find(LayoutEpoch layout, MemberNumber number) => layouts.Announcement(layout)?.Endpoints.GetValueOrDefault(number);

    /// <summary>Where a member's transport in a layout is; null: nowhere.</summary>
    public Room? RoomOf(LayoutEpoch layout, MemberNumber number) => Find(layout, number)?.Room?.Room;

    /// <summary>Whoever has no transport gets one, and whoever is to move moves. Empty rooms are closed.</summary>
    public void Settle(List<ChannelEffect> effects, DateTimeOffset now)
    {
        foreach (var layout in layouts.Announced)
        {
            if (layout.Rooms.Count == 0 || layout.Unverified)
                continue;

            var moving = layout.Endpoints.Values.Count(endpoint => endpoint.Former is not null);
            foreach (var member in roster.Members.ToArray())
            {
                if (member.Line.SinceEpoch > layout.Epoch)
                    continue;

                if (!layout.Endpoints.TryGetValue(member.Number, out var endpoint))
                    layout.Endpoints.Add(member.Number, endpoint = new MemberEndpoint());
                if (endpoint.Room is null && !endpoint.Broken)
                    House(layout, member, endpoint, effects, now);
                else if (endpoint is { Room.Leaving: true, Former: null, Connected: true } && !member.Away && moving < MovesAtOnce && Hand(layout, member, endpoint, effects, now))
                    moving++;
                if (endpoint.Deadline <= now)
                    Insist(layout, member, endpoint, now);
            }

            Prune(layout);
        }
    }

    /// <summary>What the member may has changed.</summary>
    public void Permit(Member member)
    {
        foreach (var layout in layouts.Announced)
        {
            if (!layout.Endpoints.TryGetValue(member.Number, out var endpoint))
                continue;

            if (endpoint.Room is { } room)
                emit(new UpdateEndpoint(layout.Epoch, room.Room, Permissions(member)));
            if (endpoint.Former is { } former)
                emit(new UpdateEndpoint(layout.Epoch, former.Room, Permissions(member)));
        }
    }

    /// <summary>The member is gone.</summary>
    public void Remove(Member member)
    {
        foreach (var layout in layouts.Announced)
        {
            layout.Ready.Remove(member.Number);
            if (!layout.Endpoints.Remove(member.Number, out var endpoint))
                continue;

            if (endpoint.Room is { } room)
                emit(new RemoveEndpoint(room.Epoch, room.Node, member.Number));
            if (endpoint.Former is { } former)
                emit(new RemoveEndpoint(former.Epoch, former.Node, member.Number));
            endpoint.Exit();
        }
    }

    /// <summary>The member's client is (back) at a gateway: it hears what it may have missed.</summary>
    public void Arrive(Member member, DateTimeOffset now)
    {
        foreach (var layout in layouts.Announced.ToArray())
        {
            if (!layout.Endpoints.TryGetValue(member.Number, out var endpoint))
                continue;

            if (endpoint.Broken)
                Replace(layout, member, endpoint);
            else if (endpoint is { Stage: MoveStage.Candidate, Destination: { } destination })
                TellMoved(layout, member, endpoint, destination, now);
            else if (endpoint is { Stage: MoveStage.IceRestart, Destination: { } restart })
                Restart(member, endpoint, restart, now);
            else if (!endpoint.Answered)
                Offer(member, endpoint);
        }
    }

    /// <summary>The member's client says that its connection does not work.</summary>
    public void Failed(LayoutEpoch layout, Member member, DateTimeOffset now)
    {
        if (layouts.Announcement(layout) is not { } live || !live.Endpoints.TryGetValue(member.Number, out var endpoint))
            return;

        // What is said while a restart is on its way is said of what went before it.
        if (endpoint.Stage is MoveStage.Candidate || endpoint is { Stage: MoveStage.IceRestart, Answered: true })
            Insist(live, member, endpoint, now);
        else if (endpoint is { Answered: true, Stage: MoveStage.None })
            Recover(live, member, endpoint);
    }

    /// <summary>The node has no such transport.</summary>
    public void Lost(LayoutEpoch layout, Member member)
    {
        if (layouts.Announcement(layout) is { } live && live.Endpoints.TryGetValue(member.Number, out var endpoint) && endpoint.Stage == MoveStage.None)
            Recover(live, member, endpoint);
    }

    /// <summary>The node has the transport: its side of it is the offer.</summary>
    public void Added(AddEndpoint add, SfuOffer offer)
    {
        if (Expected(add.Layout, add.Room, add.Member.Number, add.Generation) is not { } endpoint)
            return;

        endpoint.Offered(offer);
        Offer(roster.Find(add.Member.Number)!, endpoint);
    }

    /// <summary>The new node carries the transport on.</summary>
    /// <param name="destination">The transport as it is, at its new place.</param>
    public void Revived(LayoutEpoch layout, Room room, MemberNumber number, int generation, SfuOffer destination, DateTimeOffset now)
    {
        if (Expected(layout, room, number, generation) is { Stage: MoveStage.Reviving } endpoint)
        {
            var member = roster.Find(number)!;
            TellMoved(layouts.Announcement(layout)!, member, endpoint, destination, now);
            // What it may, may have changed while the order was on its way.
            emit(new UpdateEndpoint(layout, room, Permissions(member)));
        }
    }

    /// <summary>The node would not take this transport, or did not answer: another try, a few times; the others' room stays.</summary>
    public void Refused(LayoutEpoch layout, Room room, MemberNumber number, int generation)
    {
        if (Expected(layout, room, number, generation) is { } endpoint)
            Replace(layouts.Announcement(layout)!, roster.Find(number)!, endpoint);
    }

    /// <summary>The node takes the new ICE credentials: they are offered.</summary>
    public void Restarted(LayoutEpoch layout, Room room, MemberNumber number, int generation, SfuOffer offer, DateTimeOffset now)
    {
        if (Expected(layout, room, number, generation) is not { Stage: MoveStage.Restarting } endpoint)
            return;

        Restart(roster.Find(number)!, endpoint, offer, now);
    }

    /// <summary>Who is in a room, after a restart of the grain. Who is in none is given another transport.</summary>
    public void Verified(Room room, IEnumerable<ListedEndpoint> listed, DateTimeOffset now)
    {
        if (layouts.Announced.FirstOrDefault(layout => layout.Find(room.Epoch) is not null) is not { } layout)
            return;

        var live = layout.Find(room.Epoch)!;
        foreach (var (number, ticket) in listed)
        {
            if (roster.Find(number) is not { } member || !layout.Endpoints.TryGetValue(number, out var endpoint) || endpoint.Room is not null)
            {
                emit(new RemoveEndpoint(room.Epoch, room.Node, number));
                continue;
            }

            endpoint.Enter(live);
            if (ticket is not null)
                endpoint.Keep(ticket, now);
            emit(new UpdateEndpoint(layout.Epoch, room, Permissions(member)));
        }

        layout.Verified(room.Epoch);
    }

    /// <summary>What a node saw of a transport in one of its rooms.</summary>
    public void Observe(ActiveLayout layout, ActiveRoom room, RoomEvent roomEvent, DateTimeOffset now)
    {
        switch (roomEvent)
        {
            case EndpointConnected connected when In(room, connected.Number) is { } endpoint:
                Arrived(layout, connected.Number, endpoint, now);
                break;
            case EndpointTicketed ticketed when In(room, ticketed.Number) is { } endpoint && options.PortableTransports:
                endpoint.Keep(ticketed.Ticket, now);
                if (endpoint is { Connected: true, Stage: MoveStage.None })
                    LeaveFormer(endpoint, ticketed.Number);
                break;
            case EndpointClosed closed when In(room, closed.Number) is { Stage: MoveStage.None } endpoint && roster.Find(closed.Number) is { } member:
                // A consent that ends, or a goodbye, of a transport that never connected is news of its predecessor.
                if (endpoint.Connected || closed.Reason is not (EndpointCloseReason.ConsentExpired or EndpointCloseReason.PeerClosed))
                    Recover(layout, member, endpoint);
                break;
        }

        MemberEndpoint? In(ActiveRoom where, MemberNumber number) => layout.Endpoints.GetValueOrDefault(number) is { } endpoint && endpoint.Room == where ? endpoint : null;
    }

    public static EndpointPermissions Permissions(Member member) => new(member.Number, member.CanSpeak, member.CanListen);

    private void House(ActiveLayout layout, Member member, MemberEndpoint endpoint, List<ChannelEffect> effects, DateTimeOffset now)
    {
        if (layout.RoomFor(member.Region, options.RoomCapacity) is not { } room)
        {
            layouts.PlaceMore(layout, member.Region, effects);
        }
        else if (endpoint.Ticket is not null)
        {
            var ticket = endpoint.Move(room, now)!;
            emit(new ReviveEndpoint(layout.Epoch, room.Room, Permissions(member), endpoint.Generation, ticket));
        }
        else if (!endpoint.InUse)
        {
            endpoint.Enter(room);
            emit(new AddEndpoint(layout.Epoch, room.Room, Permissions(member), endpoint.Generation));
        }
        else
        {
            emit(new Moved(MoveStage.None, TimeSpan.Zero));
            Recover(layout, member, endpoint);
        }
    }

    private bool Hand(ActiveLayout layout, Member member, MemberEndpoint endpoint, List<ChannelEffect> effects, DateTimeOffset now)
    {
        if (layout.RoomFor(member.Region, options.RoomCapacity) is not { } room)
        {
            layouts.PlaceMore(layout, member.Region, effects);
            return false;
        }

        // Who moves hears the others over the link, and they him.
        if (!links.Joins(endpoint.Room!, room, now))
            return false;

        var from = endpoint.Room!.Room;
        endpoint.Move(room, now);
        emit(new HandOver(layout.Epoch, from, room.Room, Permissions(member), endpoint.Generation));
        return true;
    }

    private void Arrived(ActiveLayout layout, MemberNumber number, MemberEndpoint endpoint, DateTimeOffset now)
    {
        layouts.Trust();
        var (stage, since) = (endpoint.Stage, endpoint.MovedAt);
        if (endpoint.Connect())
            emit(new Moved(stage, now - since));
        // The new node sends once its own ticket is kept; the old one goes on until then.
        if (endpoint.Ticket is not null)
            LeaveFormer(endpoint, number);
    }

    private void LeaveFormer(MemberEndpoint endpoint, MemberNumber number)
    {
        if (endpoint.LeaveFormer() is { } former)
            emit(new RemoveEndpoint(former.Epoch, former.Node, number));
    }

    /// <summary>The client has not followed: the next heavier way.</summary>
    private void Insist(ActiveLayout layout, Member member, MemberEndpoint endpoint, DateTimeOffset now)
    {
        if (member.Away)
        {
            // It hears of the move when it comes back.
            endpoint.Wait();
        }
        else if (endpoint is { Stage: MoveStage.Candidate, Room: { } room, Destination: { } destination })
        {
            endpoint.Told(MoveStage.Restarting, destination, now + options.RestartTimeout);
            emit(new RestartIce(layout.Epoch, room.Room, member.Number, endpoint.Generation, destination));
        }
        else
        {
            emit(new Moved(MoveStage.None, now - endpoint.MovedAt));
            Replace(layout, member, endpoint);
        }
    }

    /// <summary>Gives a member another transport in the same layout; when its client is away, later.</summary>
    private void Recover(ActiveLayout layout, Member member, MemberEndpoint endpoint)
    {
        if (!endpoint.InUse)
            return;

        if (member.Away)
            endpoint.Break();
        else
            Replace(layout, member, endpoint);
    }

    /// <summary>A new connection; when that failed too often, never.</summary>
    private void Replace(ActiveLayout layout, Member member, MemberEndpoint endpoint)
    {
        LeaveFormer(endpoint, member.Number);
        endpoint.Renew();
        layout.Ready.Remove(member.Number);
        if (endpoint.Failures > options.EndpointAttempts)
        {
            end(member, LeaveReason.MediaUnavailable);
            return;
        }

        // Its room may have become another; without any the next step finds one.
        var room = layout.RoomFor(member.Region, int.MaxValue) ?? endpoint.Room;
        if (room is null)
            return;

        if (endpoint.Room is { } old && old != room)
            emit(new RemoveEndpoint(old.Epoch, old.Node, member.Number));
        endpoint.Enter(room);
        emit(new AddEndpoint(layout.Epoch, room.Room, Permissions(member), endpoint.Generation));
    }

    private void TellMoved(ActiveLayout layout, Member member, MemberEndpoint endpoint, SfuOffer destination, DateTimeOffset now)
    {
        endpoint.Told(MoveStage.Candidate, destination, now + options.FollowTimeout);
        if (member.GatewayId is { } gateway)
            emit(new NotifySession(gateway, new EndpointMoved(member.Session, layout.Epoch, destination.Candidates, destination.IceUfrag, destination.Region)));
    }

    private void Restart(Member member, MemberEndpoint endpoint, SfuOffer offer, DateTimeOffset now)
    {
        endpoint.Told(MoveStage.IceRestart, offer, now + options.RestartTimeout);
        Offer(member, endpoint);
    }

    private void Offer(Member member, MemberEndpoint endpoint)
    {
        // An away member has no gateway; it hears of it when it comes back.
        if (endpoint.Offer is { } offer && member.GatewayId is { } gateway)
            emit(new NotifySession(gateway, new SfuOffered(member.Session, offer)));
    }

    private MemberEndpoint? Expected(LayoutEpoch layout, Room room, MemberNumber number, int generation) =>
        Find(layout, number) is { } endpoint && endpoint.Generation == generation && endpoint.Room?.Room == room ? endpoint : null;

    /// <summary>Nobody is in it, it is not the last one, and nobody waits to move in.</summary>
    private void Prune(ActiveLayout layout)
    {
        var moving = layout.Rooms.Any(room => room.Leaving);
        foreach (var room in layout.Rooms.Where(room => room.Population == 0 && (room.Leaving || !moving)).ToArray())
        {
            if (layout.Rooms.Count == 1 || layout.Placing)
                return;

            layout.Remove(room);
            emit(new CloseRoom(room.Epoch, room.Node));
        }
    }
}
