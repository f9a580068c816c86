using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Endpoints;
using Hype.Grains.Channels.Options;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Channels.Rooms;
using Hype.Grains.Channels.Timing;

namespace Hype.Grains.Channels.Layouts;

/// <summary>
/// Leads a channel from one layout to the next in the phases <em>prepare → ready → commit</em>. A switch of mode, a move to another node
/// and the loss of a node use the same mechanism.
/// <list type="number">
/// <item><see cref="Open"/> assigns the next epoch. A mesh is announced immediately. An SFU layout first gets its rooms, one for each
/// region of the members (<see cref="PlaceRoom"/>), so that members never prepare a layout that no node can carry.</item>
/// <item>An announced layout is <see cref="Pending"/>, while the <see cref="Current"/> layout carries the audio. A layout with a newer
/// epoch replaces a pending one.</item>
/// <item><see cref="Reconcile"/> commits the pending layout when every connected member is ready, or at the switch timeout. The rooms of
/// the former layout close after a grace period.</item>
/// <item>If no layout carries audio (before the first member, or after the loss of a node), the new layout is current immediately,
/// without a prepare phase.</item>
/// <item>A lost or draining room is replaced by another room of the same layout; members with portable endpoints (which another node can
/// take over) continue their connections (<see cref="Endpoints.EndpointPlanner"/>).</item>
/// </list>
/// Epochs only increase, even over restarts (a checkpoint stores a limit above <see cref="LastEpoch"/>).
/// </summary>
internal sealed class LayoutTransition(ChannelOptions options, EffectList effects, LayoutEpoch lastEpoch = default)
{
    private readonly List<(CloseRoom Close, DateTimeOffset At)> _closings = [];
    private readonly HashSet<MediaNodeId> _avoid = [];
    private ActiveLayout? _next;
    private DateTimeOffset _deadline;

    /// <summary>The highest epoch assigned so far, to a layout or a room.</summary>
    public LayoutEpoch LastEpoch { get; private set; } = lastEpoch;

    /// <summary>The committed layout; null in an empty channel.</summary>
    public ActiveLayout? Current { get; private set; }

    /// <summary>The announced layout that clients prepare beside the current one; null if there is none.</summary>
    public ActiveLayout? Pending { get; private set; }

    /// <summary>The newest layout: the target of the switch in progress, or else the current layout.</summary>
    public ActiveLayout? Target => _next ?? Pending ?? Current;

    /// <summary>The layout in which a joining client connects: the pending one if there is one, else the current one.</summary>
    public ActiveLayout? ForJoiners => Pending ?? Current;

    /// <summary>The layouts that clients know: the current and the pending one.</summary>
    public IEnumerable<ActiveLayout> Announced
    {
        get
        {
            if (Current is not null)
                yield return Current;
            if (Pending is not null)
                yield return Pending;
        }
    }

    /// <summary>
    /// True if the newest layout lost all its rooms before its commit; the channel must then open a layout with another epoch.
    /// </summary>
    public bool NeedsNewEpoch => Target is { Lost: true };

    public DateTimeOffset? NextDeadline => Deadlines.Earliest(
        Pending is { CarriesAudio: true } ? _deadline : null,
        _closings.Count > 0 ? _closings.Min(closing => closing.At) : null);

    public ActiveLayout? Announcement(LayoutEpoch epoch) => Announced.FirstOrDefault(layout => layout.Epoch == epoch);

    /// <summary>Opens a new layout, and requests its rooms if the mode is SFU.</summary>
    /// <param name="regions">The members' regions, the one with the most members first; a forwarded layout gets a room for each.</param>
    /// <param name="elsewhere">Whether the new rooms should not stay on the nodes of the present ones.</param>
    public void Open(ChannelMode mode, ModeReason reason, IReadOnlyList<RegionId> regions, bool elsewhere, DateTimeOffset now)
    {
        var before = elsewhere ? [] : Announced.Reverse().SelectMany(announced => announced.Rooms).Select(room => room.Room).ToArray();
        var layout = new ActiveLayout(new Layout(LastEpoch = LastEpoch.Next, mode, reason, now));
        CloseNext();
        if (Current is null)
            Current = layout;
        else if (!Current.CarriesAudio)
            Replace(layout, now);
        else if (mode == ChannelMode.P2P)
            Announce(layout, now);
        else
            _next = layout;

        if (mode != ChannelMode.Sfu)
            return;
        foreach (var region in regions)
            Place(layout, region, Array.Find(before, room => room.Region == region)?.Node);
    }

    /// <summary>Requests a room for each region if the newest layout is an SFU layout without rooms.</summary>
    public void RequestRooms(IReadOnlyList<RegionId> regions)
    {
        if (Target is not { Mode: ChannelMode.Sfu, Rooms.Count: 0, Placing: false, Lost: false } layout)
            return;
        foreach (var region in regions)
            Place(layout, region, null);
    }

    /// <summary>Requests one more room, for a region that has none or whose rooms are full.</summary>
    public void RequestRoom(ActiveLayout layout, RegionId region)
    {
        if (!layout.IsPlacing(region))
            Place(layout, region, Neighbour(layout, region)?.Node);
    }

    /// <summary>Adds an opened room to its layout; closes the room if the layout no longer needs it.</summary>
    public void OnRoomOpened(LayoutEpoch epoch, RegionId region, Room room, DateTimeOffset now)
    {
        if (Find(epoch) is { } layout && layout.IsPlacing(region))
        {
            // A third region may serve two regions without nodes of their own, and may answer each request before it knows the other.
            if (layout.Find(room.Epoch) is null && layout.RoomIn(room.Region, options.RoomCapacity) is { } shared)
            {
                effects.Add(new CloseRoom(room.Epoch, room.Node));
                room = shared.Room;
            }

            layout.AddRoom(region, room);
            AnnounceNext(now);
        }
        else if (!Announced.Any(announced => announced.Find(room.Epoch) is not null))
        {
            effects.Add(new CloseRoom(room.Epoch, room.Node));
        }
    }

    /// <summary>
    /// Handles a failed request for a room: no node has capacity for this region. Returns true if the layout is still in use and has no
    /// room at all; a layout that is not announced yet is then closed.
    /// </summary>
    public bool OnPlacementFailed(LayoutEpoch epoch, RegionId region, DateTimeOffset now)
    {
        // An avoided node may have returned by the next request.
        _avoid.Clear();
        if (Find(epoch) is not { } layout || !layout.IsPlacing(region))
            return false;
        if (layout.OnPlacementFailed(region))
        {
            AnnounceNext(now);
            return false;
        }

        if (layout == _next)
            CloseNext();
        return true;
    }

    /// <summary>
    /// Removes lost rooms. If the current layout has no room left, the next layout becomes current at once; without a next layout, the
    /// current one gets new rooms.
    /// </summary>
    /// <param name="tickets">The tickets from which the lost endpoints can be revived; null: none.</param>
    public void LoseRooms(Func<ActiveRoom, bool> lost, TicketValidity? tickets, DateTimeOffset now)
    {
        foreach (var layout in Announced)
        {
            foreach (var room in layout.Rooms.Where(lost).ToArray())
            {
                _avoid.Add(room.Node);
                LoseRoom(layout, room, tickets);
            }
        }

        foreach (var room in _next?.Rooms.Where(lost).ToArray() ?? [])
            _next!.RemoveRoom(room);
        if (_next is { CarriesAudio: false, Placing: false })
            _next = null;
        if (Pending is { CarriesAudio: false })
            Pending.SetLost();
        if (Current is not { CarriesAudio: false, EpochTaken: true })
            return;
        if (Pending is { CarriesAudio: true })
        {
            Commit(now);
        }
        else if (_next is not null)
        {
            var layout = _next;
            _next = null;
            Replace(layout, now);
        }
    }

    /// <summary>Returns true if the channel uses this room, has requested it, or will close it after the grace period.</summary>
    public bool Uses(RoomEpoch epoch, MediaNodeId node) =>
        Announced.Append(_next).Any(layout => layout?.Find(epoch)?.Node == node)
        || _closings.Any(closing => closing.Close.Epoch == epoch && closing.Close.Node == node)
        || Announced.Append(_next).Any(layout => layout?.IsPlacing(epoch) ?? false);

    /// <summary>Allows new rooms on all nodes again, also on those that lost a room; called when an endpoint has connected.</summary>
    public void ClearAvoided() => _avoid.Clear();

    /// <summary>
    /// Commits the pending layout if its members are ready or the switch timeout has passed, and closes the rooms of former layouts after
    /// their grace period.
    /// </summary>
    /// <param name="connected">The members that are not away.</param>
    public void Reconcile(IReadOnlyCollection<MemberNumber> connected, DateTimeOffset now)
    {
        CommitIfReady(connected, now);
        CloseOldRooms(now);
    }

    /// <summary>Closes all rooms after the last member has left. The next layout continues the count of epochs.</summary>
    public void Close()
    {
        foreach (var layout in Announced)
            Close(layout);
        CloseNext();
        foreach (var (close, _) in _closings)
            effects.Add(close);
        _closings.Clear();
        _avoid.Clear();
        (Current, Pending) = (null, null);
    }

    /// <summary>
    /// Continues with the stored layouts after a restart of the grain. Reports of ready clients are lost, so a pending layout may wait for
    /// the switch timeout.
    /// </summary>
    public void Restore(ActiveLayout current, ActiveLayout? pending, DateTimeOffset now)
    {
        (Current, Pending) = (current, pending);
        _deadline = now + options.SwitchTimeout;
        if (pending is { CarriesAudio: false })
            pending.SetLost();
    }

    private void CommitIfReady(IReadOnlyCollection<MemberNumber> connected, DateTimeOffset now)
    {
        // If all members are away, no readiness report will come, but media may continue: then the timeout decides.
        if (Pending is { CarriesAudio: true } && (now >= _deadline || (connected.Count > 0 && connected.All(Pending.Ready.Contains))))
            Commit(now);
    }

    private void CloseOldRooms(DateTimeOffset now)
    {
        foreach (var (close, _) in _closings.Where(closing => closing.At <= now))
            effects.Add(close);
        _closings.RemoveAll(closing => closing.At <= now);
    }

    /// <summary>
    /// Returns the room whose node is the best choice for another room of a region: a room in that region, else the one with the most
    /// endpoints.
    /// </summary>
    private static ActiveRoom? Neighbour(ActiveLayout layout, RegionId region) =>
        layout.Rooms.Where(room => !room.Draining)
            .OrderByDescending(room => room.Room.Region == region)
            .ThenByDescending(room => room.Population)
            .FirstOrDefault();

    private ActiveLayout? Find(LayoutEpoch epoch) => _next?.Epoch == epoch ? _next : Announcement(epoch);

    private void Place(ActiveLayout layout, RegionId region, MediaNodeId? sticky)
    {
        // The layout's first room shares its epoch; the others take their own.
        var epoch = layout is { EpochTaken: false, Placing: false } ? layout.Epoch.AsRoomEpoch : (LastEpoch = LastEpoch.Next).AsRoomEpoch;
        layout.ExpectRoom(region, epoch);
        effects.Add(new PlaceRoom(
            layout.Epoch,
            epoch,
            region,
            sticky is { } node && _avoid.Contains(node) ? null : sticky,
            [.. _avoid],
            [.. layout.Rooms.Where(room => !room.Draining && room.Population < options.RoomCapacity).Select(room => room.Room)]));
    }

    /// <summary>Announces the next layout after all its requests for rooms have been answered.</summary>
    private void AnnounceNext(DateTimeOffset now)
    {
        if (_next is not { Placing: false, CarriesAudio: true } layout)
            return;
        _next = null;
        Announce(layout, now);
    }

    private void CloseNext()
    {
        if (_next is not null)
            Close(_next);
        _next = null;
    }

    private void LoseRoom(ActiveLayout layout, ActiveRoom room, TicketValidity? tickets)
    {
        layout.RemoveRoom(room);
        foreach (var (number, endpoint) in layout.Endpoints)
        {
            if (endpoint.Room != room && endpoint.Former != room)
                continue;
            if (endpoint.OnRoomLost(room, tickets) is { } former)
                effects.Add(new RemoveEndpoint(former.Epoch, former.Node, number));
            if (endpoint.Room is null)
                layout.Ready.Remove(number);
        }
    }

    private void Announce(ActiveLayout layout, DateTimeOffset now)
    {
        if (Pending is not null)
            Close(Pending);
        Pending = layout;
        _deadline = now + options.SwitchTimeout;
        effects.Add(new PublishToAll(new LayoutOpened(layout.Layout)));
    }

    private void Commit(DateTimeOffset now)
    {
        var (old, layout) = (Current!, Pending!);
        (Current, Pending) = (layout, null);
        _closings.AddRange(old.Rooms.Select(room => (new CloseRoom(room.Epoch, room.Node), now + options.CloseGrace)));
        effects.Add(new PublishToAll(new LayoutCommitted(layout.Layout)));
        effects.Add(new Switched(layout.Layout, now - layout.Layout.Since));
    }

    /// <summary>Makes a layout current without a prepare phase, because the present one carries no audio.</summary>
    private void Replace(ActiveLayout layout, DateTimeOffset now)
    {
        if (Pending is not null)
            Close(Pending);
        (Current, Pending) = (layout, null);
        effects.Add(new PublishToAll(new LayoutOpened(layout.Layout)));
        effects.Add(new PublishToAll(new LayoutCommitted(layout.Layout)));
        effects.Add(new Switched(layout.Layout, now - layout.Layout.Since));
    }

    private void Close(ActiveLayout layout)
    {
        foreach (var room in layout.Rooms)
            effects.Add(new CloseRoom(room.Epoch, room.Node));
    }
}
