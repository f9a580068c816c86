using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Layouts;
using Hype.Grains.Channels.Members;
using Hype.Grains.Channels.Options;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Channels.Endpoints;

/// <summary>
/// Assigns each member an endpoint in each SFU layout, in the room that the <see cref="RoomAssigner"/> chooses. It also moves endpoints
/// out of lost and draining rooms, in the way that disturbs the client least (<see cref="MoveLadder"/>). A lost room loses all its members
/// at once. A draining room stays linked to the new room and hands over a few members at a time; an endpoint is removed from the old node
/// only after the new node has received media from its client.
/// </summary>
internal sealed class EndpointPlanner(
    ChannelOptions options, Roster roster, LayoutTransition layouts, RoomLinks links, EffectList effects, Action<Member, LeaveReason> end)
        : IMemberEndpoints
{
    /// <summary>
    /// The number of members of a layout that move out of draining rooms at the same time. It is small, so that a failing target node
    /// affects only a few members.
    /// </summary>
    private const int MovesAtOnce = 4;

    private readonly MoveLadder _ladder = new(options.FollowTimeout, options.RestartTimeout);
    private readonly EndpointRooms _rooms = new(options.RoomCapacity, layouts, links, effects);

    public DateTimeOffset? NextDeadline =>
        layouts.Announced.SelectMany(layout => layout.Endpoints.Values).Min(endpoint => endpoint.Move.Deadline);

    public static EndpointPermissions Permissions(Member member) => new(member.CanSpeak, member.CanListen);

    public MemberEndpoint? Find(LayoutEpoch layout, MemberNumber number) =>
        layouts.Announcement(layout)?.Endpoints.GetValueOrDefault(number);

    /// <summary>
    /// Returns the room of a member's endpoint in a layout; null if the member has no endpoint or the endpoint has no room.
    /// </summary>
    public Room? RoomOf(LayoutEpoch layout, MemberNumber number) => Find(layout, number)?.Room?.Room;

    /// <summary>
    /// Gives each member without an endpoint one in a room, moves endpoints out of draining rooms, and closes empty rooms.
    /// </summary>
    public void Reconcile(DateTimeOffset now)
    {
        foreach (var layout in layouts.Announced)
        {
            if (layout.Rooms.Count == 0 || layout.Unverified)
                continue;
            var moving = layout.Endpoints.Values.Count(endpoint => endpoint.Former is not null);
            foreach (var member in roster.Members.Where(member => member.Participant.SinceEpoch <= layout.Epoch).ToArray())
            {
                if (!layout.Endpoints.TryGetValue(member.Number, out var endpoint))
                    layout.Endpoints.Add(member.Number, endpoint = new MemberEndpoint(layout.Epoch, member.Number));
                if (endpoint.Room is null && !endpoint.Broken)
                    AssignRoom(layout, member, endpoint, now);
                else if (endpoint is { Room.Draining: true, Former: null, Connected: true } && !member.Away
                    && moving < MovesAtOnce && TryHandOver(layout, member, endpoint, now))
                    moving++;
                if (endpoint.Move.Deadline <= now)
                    StepMove(layout, member, endpoint, new MoveStimulus.Overdue(member.Away), now);
            }

            _rooms.CloseEmptyRooms(layout);
        }
    }

    /// <summary>Orders the nodes that hold a member's endpoints to apply the member's changed permissions.</summary>
    public void UpdatePermissions(Member member)
    {
        foreach (var layout in layouts.Announced)
        {
            if (!layout.Endpoints.TryGetValue(member.Number, out var endpoint))
                continue;
            foreach (var room in new[] { endpoint.Room, endpoint.Former }.OfType<ActiveRoom>())
                effects.Add(new UpdateEndpoint(endpoint.At(room.Room), Permissions(member)));
        }
    }

    /// <summary>Removes the endpoints of a member that left.</summary>
    public void Remove(Member member)
    {
        foreach (var layout in layouts.Announced)
        {
            layout.Ready.Remove(member.Number);
            if (!layout.Endpoints.Remove(member.Number, out var endpoint))
                continue;
            foreach (var room in new[] { endpoint.Room, endpoint.Former }.OfType<ActiveRoom>())
                effects.Add(new RemoveEndpoint(room.Epoch, room.Node, member.Number));
            endpoint.LeaveRooms();
        }
    }

    /// <summary>
    /// Handles a client that resumed its session: sends again the offers and move notifications that the client may have missed.
    /// </summary>
    public void OnClientReturned(Member member, DateTimeOffset now)
    {
        foreach (var layout in layouts.Announced.ToArray())
        {
            if (!layout.Endpoints.TryGetValue(member.Number, out var endpoint))
                continue;
            if (endpoint.Broken)
                Reconnect(layout, member, endpoint);
            else if (!StepMove(layout, member, endpoint, new MoveStimulus.ClientReturned(), now) && !endpoint.Answered)
                SendOffer(member, endpoint);
        }
    }

    /// <summary>Handles a client's report that its connection does not work.</summary>
    public void OnConnectionFailed(LayoutEpoch epoch, Member member, DateTimeOffset now)
    {
        if (layouts.Announcement(epoch) is not { } layout || !layout.Endpoints.TryGetValue(member.Number, out var endpoint))
            return;
        if (endpoint.Moving)
            StepMove(layout, member, endpoint, new MoveStimulus.ClientFailed(endpoint.Answered), now);
        else if (endpoint.Answered)
            Recover(layout, member, endpoint);
    }

    /// <summary>Replaces an endpoint that its node does not hold or cannot use by a new connection.</summary>
    public void OnEndpointMissing(LayoutEpoch epoch, Member member)
    {
        if (layouts.Announcement(epoch) is { } layout && layout.Endpoints.TryGetValue(member.Number, out var endpoint) && !endpoint.Moving)
            Recover(layout, member, endpoint);
    }

    /// <summary>Handles a node's answer that it added the endpoint: sends the offer to the client.</summary>
    public void OnAdded(EndpointRef added, SfuOffer offer)
    {
        if (Expected(added) is not { } endpoint)
            return;
        endpoint.SetOffer(offer);
        SendOffer(roster.Find(added.Number)!, endpoint);
    }

    /// <summary>Handles the answer of a node that it revived an endpoint: the client must now follow to that node.</summary>
    /// <param name="to">The endpoint at the new node.</param>
    public void OnRevived(EndpointRef revived, SfuOffer to, DateTimeOffset now)
    {
        if (Expected(revived) is not { Move: MoveState.Reviving } endpoint)
            return;
        var member = roster.Find(revived.Number)!;
        StepMove(layouts.Announcement(revived.Layout)!, member, endpoint, new MoveStimulus.Revived(to), now);
        // The permissions may have changed while the order was on its way.
        effects.Add(new UpdateEndpoint(revived, Permissions(member)));
    }

    /// <summary>
    /// Handles a failed order about an endpoint: its client gets a new connection, at most <see cref="ChannelOptions.EndpointAttempts"/>
    /// times. The room stays open for the other members.
    /// </summary>
    public void OnRefused(EndpointRef refused)
    {
        if (Expected(refused) is { } endpoint)
            Reconnect(layouts.Announcement(refused.Layout)!, roster.Find(refused.Number)!, endpoint);
    }

    /// <summary>Handles a node's confirmation of an ICE restart: sends the client an offer with the new ICE credentials.</summary>
    public void OnIceRestarted(EndpointRef restarted, SfuOffer offer, DateTimeOffset now)
    {
        if (Expected(restarted) is { } endpoint)
            StepMove(
                layouts.Announcement(restarted.Layout)!,
                roster.Find(restarted.Number)!,
                endpoint,
                new MoveStimulus.IceRestarted(offer),
                now);
    }

    /// <summary>
    /// Takes over the endpoints that a node lists for a room after a restart of the grain. If two nodes list an endpoint, as they do in a
    /// move, the one that continued it last keeps it, and the other one removes it, in whichever order the lists arrive. Members without
    /// an endpoint in any list get a new connection.
    /// </summary>
    public void OnRoomVerified(Room room, IEnumerable<ListedEndpoint> listed, DateTimeOffset now)
    {
        if (layouts.Announced.FirstOrDefault(layout => layout.Find(room.Epoch) is not null) is not { } layout)
            return;
        var active = layout.Find(room.Epoch)!;
        foreach (var found in listed)
        {
            // The connection of an endpoint that is not in use failed in the meantime: a new one replaces it when all rooms are verified.
            if (roster.Find(found.Number) is not { } member
                || !layout.Endpoints.TryGetValue(found.Number, out var endpoint) || !endpoint.IsContinuedBy(found))
            {
                effects.Add(new RemoveEndpoint(room.Epoch, room.Node, found.Number));
                continue;
            }

            if (endpoint.Room is { } older)
                effects.Add(new RemoveEndpoint(older.Epoch, older.Node, found.Number));
            endpoint.Adopt(active, found.Ticket, now);
            effects.Add(new UpdateEndpoint(endpoint.At(room), Permissions(member)));
        }

        layout.SetVerified(room.Epoch);
    }

    /// <summary>Handles a node's report about an endpoint in one of its rooms.</summary>
    public void OnReported(ActiveLayout layout, ActiveRoom room, RoomEvent roomEvent, DateTimeOffset now)
    {
        switch (roomEvent)
        {
            case EndpointConnected connected
                when In(room, connected.Number) is { } endpoint && roster.Find(connected.Number) is { } member:
                OnConnected(layout, member, endpoint, now);
                break;
            case EndpointTicketed ticketed when In(room, ticketed.Number) is { } endpoint && options.PortableTransports:
                endpoint.StoreTicket(ticketed.Ticket, now);
                if (endpoint is { Connected: true, Moving: false })
                    ReleaseFormer(endpoint, ticketed.Number);
                break;
            case EndpointTicketed early
                when !layout.IsVerified(room.Epoch) && layout.Endpoints.TryGetValue(early.Number, out var endpoint):
                endpoint.KeepEarlyTicket(room, early.Ticket, now);
                break;
            case EndpointClosed closed
                when In(room, closed.Number) is { Moving: false } endpoint && roster.Find(closed.Number) is { } member:
                // Before the endpoint has connected, an expired consent or a closed peer concerns the previous connection.
                if (endpoint.Connected || closed.Reason is not (EndpointCloseReason.ConsentExpired or EndpointCloseReason.PeerClosed))
                    Recover(layout, member, endpoint);
                break;
        }

        MemberEndpoint? In(ActiveRoom room, MemberNumber number) =>
            layout.Endpoints.GetValueOrDefault(number) is { } endpoint && endpoint.Room == room ? endpoint : null;
    }

    private void AssignRoom(ActiveLayout layout, Member member, MemberEndpoint endpoint, DateTimeOffset now)
    {
        if (_rooms.Assign(layout, member.Region) is not { } room)
            return;
        endpoint.ExpireTicket(now);
        if (endpoint.Ticket is not null)
        {
            var ticket = endpoint.MoveTo(room)!;
            StepMove(layout, member, endpoint, new MoveStimulus.Started(), now);
            effects.Add(new ReviveEndpoint(endpoint.At(room.Room), Permissions(member), ticket));
        }
        else if (!endpoint.InUse)
        {
            Connect(member, endpoint, room);
        }
        else
        {
            effects.Add(new Moved(MoveWay.NewConnection, TimeSpan.Zero));
            Recover(layout, member, endpoint);
        }
    }

    private bool TryHandOver(ActiveLayout layout, Member member, MemberEndpoint endpoint, DateTimeOffset now)
    {
        var from = endpoint.Room!;
        if (_rooms.AssignNext(layout, member.Region, from, now) is not { } room)
            return false;
        endpoint.MoveTo(room);
        StepMove(layout, member, endpoint, new MoveStimulus.Started(), now);
        effects.Add(new HandOver(from.Room, endpoint.At(room.Room), Permissions(member)));
        return true;
    }

    private void OnConnected(ActiveLayout layout, Member member, MemberEndpoint endpoint, DateTimeOffset now)
    {
        layouts.ClearAvoided();
        endpoint.SetConnected();
        StepMove(layout, member, endpoint, new MoveStimulus.Connected(), now);
        // The new node sends media once its own ticket is stored; the old node continues until then.
        if (endpoint.Ticket is not null)
            ReleaseFormer(endpoint, member.Number);
    }

    /// <summary>
    /// Passes a stimulus to the <see cref="MoveLadder"/> and carries out the action that it returns. Returns false if the ladder requires
    /// no action.
    /// </summary>
    private bool StepMove(ActiveLayout layout, Member member, MemberEndpoint endpoint, MoveStimulus stimulus, DateTimeOffset now)
    {
        (endpoint.Move, var action) = _ladder.Step(endpoint.Move, stimulus, now);
        switch (action)
        {
            case MoveAction.NotifyClient { To: var to } when member.GatewayId is { } gateway:
                effects.Add(
                    new NotifySession(gateway, new EndpointMoved(member.Session, layout.Epoch, to.Candidates, to.IceUfrag, to.Region)));
                break;
            case MoveAction.RestartIce restart:
                effects.Add(new RestartIce(endpoint.At(endpoint.Room!.Room), restart.Offer));
                break;
            case MoveAction.OfferRestart restart:
                endpoint.SetOffer(restart.Offer);
                SendOffer(member, endpoint);
                break;
            case MoveAction.Finish finish:
                effects.Add(new Moved(finish.Way, finish.Took));
                break;
            case MoveAction.Reconnect reconnect:
                effects.Add(new Moved(MoveWay.NewConnection, reconnect.Took));
                Reconnect(layout, member, endpoint);
                break;
        }

        return action is not null;
    }

    /// <summary>
    /// Replaces a member's connection by a new one in the same layout: at once, or on the client's return if the member is away.
    /// </summary>
    private void Recover(ActiveLayout layout, Member member, MemberEndpoint endpoint)
    {
        if (!endpoint.InUse)
            return;
        if (member.Away)
            endpoint.SetBroken();
        else
            Reconnect(layout, member, endpoint);
    }

    /// <summary>
    /// Starts a new connection for a member, or ends the member's session if too many of its connections failed. While a room of the
    /// layout is unverified, only the old connection ends, and the reconciliation after the verification starts the new one: the room's
    /// candidates for the offer are not known yet, and its list of endpoints may contain the old connection or the new one.
    /// </summary>
    private void Reconnect(ActiveLayout layout, Member member, MemberEndpoint endpoint)
    {
        ReleaseFormer(endpoint, member.Number);
        endpoint.StartNewConnection();
        layout.Ready.Remove(member.Number);
        if (endpoint.Failures > options.EndpointAttempts)
        {
            end(member, LeaveReason.MediaUnavailable);
            return;
        }

        if (layout.Unverified)
        {
            if (endpoint.Room is { } left)
                effects.Add(new RemoveEndpoint(left.Epoch, left.Node, member.Number));
            endpoint.LeaveRooms();
            return;
        }

        // Without any room the next reconciliation finds one.
        if (RoomAssigner.AssignAgain(layout.Rooms, member.Region, endpoint.Room) is not { } room)
            return;
        if (endpoint.Room is { } old && old != room)
            effects.Add(new RemoveEndpoint(old.Epoch, old.Node, member.Number));
        Connect(member, endpoint, room);
    }

    private void Connect(Member member, MemberEndpoint endpoint, ActiveRoom room)
    {
        endpoint.Enter(room);
        effects.Add(new AddEndpoint(endpoint.At(room.Room), Permissions(member)));
    }

    private void ReleaseFormer(MemberEndpoint endpoint, MemberNumber number)
    {
        if (endpoint.ReleaseFormer() is { } former)
            effects.Add(new RemoveEndpoint(former.Epoch, former.Node, number));
    }

    /// <summary>
    /// Sends an endpoint's offer to its client. The client of an away member receives the offer when it resumes the session.
    /// </summary>
    private void SendOffer(Member member, MemberEndpoint endpoint)
    {
        if (endpoint.Offer is { } offer && member.GatewayId is { } gateway)
            effects.Add(new NotifySession(gateway, new SfuOffered(member.Session, offer)));
    }

    /// <summary>
    /// Returns the endpoint that a node's answer is about; null if the endpoint has moved or was replaced since the order.
    /// </summary>
    private MemberEndpoint? Expected(EndpointRef answered) =>
        Find(answered.Layout, answered.Number) is { } endpoint && endpoint.Is(answered) ? endpoint : null;
}
