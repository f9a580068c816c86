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
/// Gives every member an endpoint in each forwarded layout, in the room that the <see cref="RoomAssigner"/> chooses, and moves the
/// endpoints of lost or draining rooms to other ones, by the lightest way that the client follows (<see cref="MoveLadder"/>). A lost room
/// loses all its members at once. A draining room stays linked to the new one; its members move out a few at a time, and an endpoint
/// leaves the old node only when the new one has received media of its client.
/// </summary>
internal sealed class EndpointPlanner(
    ChannelOptions options, Roster roster, LayoutTransition layouts, RoomLinks links, EffectList effects, Action<Member, LeaveReason> end)
        : IMemberEndpoints
{
    /// <summary>
    /// The number of members of a layout that move out of draining rooms at the same time: so few that a failed move affects few.
    /// </summary>
    private const int MovesAtOnce = 4;

    private readonly MoveLadder _ladder = new(options.FollowTimeout, options.RestartTimeout);
    private readonly EndpointRooms _rooms = new(options.RoomCapacity, layouts, links, effects);

    public DateTimeOffset? NextDeadline =>
        layouts.Announced.SelectMany(layout => layout.Endpoints.Values).Min(endpoint => endpoint.Move.Deadline);

    public static EndpointPermissions Permissions(Member member) => new(member.CanSpeak, member.CanListen);

    public MemberEndpoint? Find(LayoutEpoch layout, MemberNumber number) =>
        layouts.Announcement(layout)?.Endpoints.GetValueOrDefault(number);

    /// <summary>Returns the room of a member's endpoint in a layout; null if it has none.</summary>
    public Room? RoomOf(LayoutEpoch layout, MemberNumber number) => Find(layout, number)?.Room?.Room;

    /// <summary>Gives each member an endpoint in a room, moves endpoints out of draining rooms, and closes empty rooms.</summary>
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

    /// <summary>Sends a member's changed permissions to its endpoints.</summary>
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
    /// Handles the return of a member's client to a gateway: sends the offers and moves that the client may have missed.
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

    /// <summary>Replaces an endpoint that its node does not hold or cannot use.</summary>
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

    /// <summary>Handles the new node's answer that it revived the endpoint.</summary>
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
    /// Handles an order that a node refused or did not answer: the client gets another connection, at most a few times. The room stays
    /// open for the other members.
    /// </summary>
    public void OnRefused(EndpointRef refused)
    {
        if (Expected(refused) is { } endpoint)
            Reconnect(layouts.Announcement(refused.Layout)!, roster.Find(refused.Number)!, endpoint);
    }

    /// <summary>Handles a node's answer that it accepted the new ICE credentials: sends them to the client in an offer.</summary>
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
    /// Takes over the endpoints of a room after a restart of the grain. Members without an endpoint get a new connection.
    /// </summary>
    public void OnRoomVerified(Room room, IEnumerable<ListedEndpoint> listed, DateTimeOffset now)
    {
        if (layouts.Announced.FirstOrDefault(layout => layout.Find(room.Epoch) is not null) is not { } layout)
            return;
        var active = layout.Find(room.Epoch)!;
        foreach (var (number, ticket) in listed)
        {
            if (roster.Find(number) is not { } member
                || !layout.Endpoints.TryGetValue(number, out var endpoint) || endpoint.Room is not null)
            {
                effects.Add(new RemoveEndpoint(room.Epoch, room.Node, number));
                continue;
            }

            endpoint.Enter(active);
            if (ticket is not null)
                endpoint.StoreTicket(ticket, now);
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

    /// <summary>Passes a stimulus to the ladder and carries out its action. Returns whether the ladder required an action.</summary>
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

    /// <summary>Gives a member a new connection in the same layout, at once or when its client returns.</summary>
    private void Recover(ActiveLayout layout, Member member, MemberEndpoint endpoint)
    {
        if (!endpoint.InUse)
            return;
        if (member.Away)
            endpoint.SetBroken();
        else
            Reconnect(layout, member, endpoint);
    }

    /// <summary>Starts a new connection. A member with too many failed connections leaves instead.</summary>
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
    /// Sends the endpoint's offer to the client. An away member has no gateway; it receives the offer when it comes back.
    /// </summary>
    private void SendOffer(Member member, MemberEndpoint endpoint)
    {
        if (endpoint.Offer is { } offer && member.GatewayId is { } gateway)
            effects.Add(new NotifySession(gateway, new SfuOffered(member.Session, offer)));
    }

    /// <summary>Returns the endpoint that a node's answer names; null if the answer is late.</summary>
    private MemberEndpoint? Expected(EndpointRef answered) =>
        Find(answered.Layout, answered.Number) is { } endpoint && endpoint.Is(answered) ? endpoint : null;
}
