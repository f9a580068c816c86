using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Regions;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Channels.Layouts;

/// <summary>
/// How a channel gets from one layout to the next: <em>prepare → ready → commit</em>, one mechanism for a switch of mode, a
/// move to another node, and the loss of one.
/// <list type="number">
/// <item><see cref="Open"/> takes the next epoch. A mesh is announced at once; a forwarded layout first gets its rooms, one for each
/// region of the members (<see cref="PlaceRoom"/>), so that people are never asked to prepare what nobody can carry.</item>
/// <item>An announced layout is <see cref="Pending"/>, beside the <see cref="Current"/> one that plays. A newer epoch replaces it.</item>
/// <item><see cref="Settle"/> commits it when every connected member is ready, or at the switch timeout. The old room closes a grace later.</item>
/// <item>Where nothing plays (the first member; a lost node) there is nothing to prepare beside: the new layout is current at once.</item>
/// <item>A room that is lost, or whose node is to be empty, is replaced by another in the same layout: whose transports are portable
/// keeps his connection (<see cref="Endpoints.EndpointPlanner"/>).</item>
/// </list>
/// Epochs only go up, over restarts too (<see cref="LastEpoch"/> is checkpointed ahead of use).
/// </summary>
internal sealed class LayoutTransition(ChannelOptions options, LayoutEpoch lastEpoch = default)
{
    private readonly List<(CloseRoom Close, DateTimeOffset At)> _closings = [];
    private readonly HashSet<MediaNodeId> _avoid = [];
    private ActiveLayout? _next;
    private DateTimeOffset _deadline;

    /// <summary>The highest epoch ever given.</summary>
    public LayoutEpoch LastEpoch { get; private set; } = lastEpoch;

    /// <summary>The layout that members play; null in an empty channel.</summary>
    public ActiveLayout? Current { get; private set; }

    /// <summary>The announced layout that members prepare.</summary>
    public ActiveLayout? Pending { get; private set; }

    /// <summary>The layout that the channel is on its way to; the last decision about it was the newest.</summary>
    public ActiveLayout? Target => _next ?? Pending ?? Current;

    /// <summary>The layout that who joins now builds.</summary>
    public ActiveLayout? ForJoiners => Pending ?? Current;

    /// <summary>Both announced layouts.</summary>
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

    /// <summary>Is the way to the newest layout blocked, so that only another epoch helps?</summary>
    public bool NeedsAnother => Target is { Lost: true };

    public DateTimeOffset? NextDeadline => Deadlines.Earliest(
        Pending is { Plays: true } ? _deadline : null,
        _closings.Count > 0 ? _closings.Min(closing => closing.At) : null);

    public ActiveLayout? Announcement(LayoutEpoch epoch) => Announced.FirstOrDefault(layout => layout.Epoch == epoch);

    /// <summary>Starts the way to a new layout.</summary>
    /// <param name="regions">Of the members, the one with the most first; a forwarded layout gets a room for each.</param>
    public void Open(
        ChannelMode mode, ModeReason reason, IReadOnlyList<RegionId> regions, bool elsewhere, DateTimeOffset now, List<ChannelEffect> effects)
    {
        var before = elsewhere ? [] : Announced.Reverse().SelectMany(announced => announced.Rooms).Select(room => room.Room).ToArray();
        var layout = new ActiveLayout(new Layout(LastEpoch = LastEpoch.Next, mode, reason, now));
        GiveUpNext(effects);
        if (Current is null)
            Current = layout;
        else if (!Current.Plays)
            Replace(layout, now, effects);
        else if (mode == ChannelMode.P2P)
            Announce(layout, now, effects);
        else
            _next = layout;

        if (mode != ChannelMode.Sfu)
            return;

        foreach (var region in regions)
            Place(layout, region, Array.Find(before, room => room.Region == region)?.Node, effects);
    }

    /// <summary>Asks (again) for the rooms of a layout that has none.</summary>
    public void PlaceAgain(IReadOnlyList<RegionId> regions, List<ChannelEffect> effects)
    {
        if (Target is not { Mode: ChannelMode.Sfu, Rooms.Count: 0, Placing: false, Lost: false } layout)
            return;

        foreach (var region in regions)
            Place(layout, region, null, effects);
    }

    /// <summary>Asks for one more room, for a region that has none or whose room is full.</summary>
    public void PlaceMore(ActiveLayout layout, RegionId region, List<ChannelEffect> effects)
    {
        if (!layout.IsPlacing(region))
            Place(layout, region, Neighbour(layout, region)?.Node, effects);
    }

    /// <summary>A room of a layout is open; of a layout that no longer wants it, it is closed again.</summary>
    public void RoomOpened(LayoutEpoch epoch, RegionId region, Room room, DateTimeOffset now, List<ChannelEffect> effects)
    {
        if (Find(epoch) is { } layout && layout.IsPlacing(region))
        {
            // Two regions without nodes of their own may both be sent to a third one, each before the other's answer was here.
            if (layout.Find(room.Epoch) is null && layout.RoomIn(room.Region, options.RoomCapacity) is { } shared)
            {
                effects.Add(new CloseRoom(room.Epoch, room.Node));
                room = shared.Room;
            }

            layout.Furnish(region, room);
            AnnounceNext(now, effects);
        }
        else if (!Announced.Any(live => live.Find(room.Epoch) is not null))
        {
            effects.Add(new CloseRoom(room.Epoch, room.Node));
        }
    }

    /// <summary>No node has room for this region. Returns whether that layout still mattered and has no room at all; one that was not announced is then given up.</summary>
    public bool PlacementFailed(LayoutEpoch epoch, RegionId region, DateTimeOffset now, List<ChannelEffect> effects)
    {
        // Whoever was avoided may be back by the next time we ask.
        _avoid.Clear();
        if (Find(epoch) is not { } layout || !layout.IsPlacing(region))
            return false;

        if (layout.NotPlaced(region))
        {
            AnnounceNext(now, effects);
            return false;
        }

        if (layout == _next)
            GiveUpNext(effects);
        return true;
    }

    /// <summary>
    /// These rooms are gone. If all of what played is among them, the layout that is on its way takes over at once; without one, the
    /// current layout gets other rooms.
    /// </summary>
    /// <param name="ticketsSince">From when on tickets are good to revive those in them elsewhere; null: none is.</param>
    public void Lose(Func<ActiveRoom, bool> gone, DateTimeOffset? ticketsSince, DateTimeOffset now, List<ChannelEffect> effects)
    {
        foreach (var layout in Announced)
        {
            foreach (var room in layout.Rooms.Where(gone).ToArray())
            {
                _avoid.Add(room.Node);
                Abandon(layout, room, ticketsSince, effects);
            }
        }

        foreach (var room in _next?.Rooms.Where(gone).ToArray() ?? [])
            _next!.Remove(room);
        if (_next is { Plays: false, Placing: false })
            _next = null;
        if (Pending is { Plays: false })
            Pending.Lose();
        if (Current is not { Plays: false, EpochTaken: true })
            return;

        if (Pending is { Plays: true })
        {
            Commit(now, effects);
        }
        else if (_next is not null)
        {
            var layout = _next;
            _next = null;
            Replace(layout, now, effects);
        }
    }

    /// <summary>Is this room of the channel, or about to be?</summary>
    public bool Wants(RoomEpoch epoch, MediaNodeId node) =>
        Announced.Append(_next).Any(layout => layout?.Find(epoch)?.Node == node)
        || _closings.Any(closing => closing.Close.Epoch == epoch && closing.Close.Node == node)
        || Announced.Append(_next).Any(layout => layout?.IsPlacing(epoch) ?? false);

    /// <summary>A node that was avoided has proved good.</summary>
    public void Trust() => _avoid.Clear();

    /// <summary>Commits what is ready or overdue, and closes rooms whose grace is over.</summary>
    public void Settle(IReadOnlyCollection<MemberNumber> connected, DateTimeOffset now, List<ChannelEffect> effects)
    {
        // With nobody connected there is nobody to wait for, but media may go on: then the timeout decides.
        if (Pending is { Plays: true } && (now >= _deadline || (connected.Count > 0 && connected.All(Pending.Ready.Contains))))
            Commit(now, effects);

        foreach (var (close, _) in _closings.Where(closing => closing.At <= now))
            effects.Add(close);
        _closings.RemoveAll(closing => closing.At <= now);
    }

    /// <summary>The last member has left: nothing is kept open. Epochs go on counting.</summary>
    public void Empty(List<ChannelEffect> effects)
    {
        foreach (var layout in Announced)
            Close(layout, effects);
        GiveUpNext(effects);
        effects.AddRange(_closings.Select(closing => closing.Close));
        _closings.Clear();
        _avoid.Clear();
        (Current, Pending) = (null, null);
    }

    /// <summary>After a restart of the grain: people go on with what they had. Who was ready is forgotten; the timeout decides.</summary>
    public void Restore(ActiveLayout current, ActiveLayout? pending, DateTimeOffset now)
    {
        (Current, Pending) = (current, pending);
        _deadline = now + options.SwitchTimeout;
        if (pending is { Plays: false })
            pending.Lose();
    }

    /// <summary>Where a region's next room would be nearest: in the region itself, else where the most are, should there be nowhere else to go.</summary>
    private static ActiveRoom? Neighbour(ActiveLayout layout, RegionId region) =>
        layout.Rooms.Where(room => !room.Leaving).OrderByDescending(room => room.Room.Region == region).ThenByDescending(room => room.Population).FirstOrDefault();

    private ActiveLayout? Find(LayoutEpoch epoch) => _next?.Epoch == epoch ? _next : Announcement(epoch);

    private void Place(ActiveLayout layout, RegionId region, MediaNodeId? sticky, List<ChannelEffect> effects)
    {
        // A room that nobody has been in yet shares its layout's epoch; the others take their own.
        var epoch = layout is { EpochTaken: false, Placing: false } ? layout.Epoch.AsRoomEpoch : (LastEpoch = LastEpoch.Next).AsRoomEpoch;
        layout.Ask(region, epoch);
        effects.Add(new PlaceRoom(
            layout.Epoch,
            epoch,
            region,
            sticky is { } node && _avoid.Contains(node) ? null : sticky,
            [.. _avoid],
            [.. layout.Rooms.Where(room => !room.Leaving && room.Population < options.RoomCapacity).Select(room => room.Room)]));
    }

    /// <summary>Once every region has its answer.</summary>
    private void AnnounceNext(DateTimeOffset now, List<ChannelEffect> effects)
    {
        if (_next is not { Placing: false, Plays: true } layout)
            return;

        _next = null;
        Announce(layout, now, effects);
    }

    private void GiveUpNext(List<ChannelEffect> effects)
    {
        if (_next is not null)
            Close(_next, effects);
        _next = null;
    }

    private static void Abandon(ActiveLayout layout, ActiveRoom room, DateTimeOffset? ticketsSince, List<ChannelEffect> effects)
    {
        layout.Remove(room);
        foreach (var (number, endpoint) in layout.Endpoints)
        {
            if (endpoint.Room != room && endpoint.Former != room)
                continue;

            if (endpoint.Orphan(room, ticketsSince) is { } former)
                effects.Add(new RemoveEndpoint(former.Epoch, former.Node, number));
            if (endpoint.Room is null)
                layout.Ready.Remove(number);
        }
    }

    private void Announce(ActiveLayout layout, DateTimeOffset now, List<ChannelEffect> effects)
    {
        if (Pending is not null)
            Close(Pending, effects);
        Pending = layout;
        _deadline = now + options.SwitchTimeout;
        effects.Add(new PublishToAll(new LayoutOpened(layout.Layout)));
    }

    private void Commit(DateTimeOffset now, List<ChannelEffect> effects)
    {
        var (old, layout) = (Current!, Pending!);
        (Current, Pending) = (layout, null);
        _closings.AddRange(old.Rooms.Select(room => (new CloseRoom(room.Epoch, room.Node), now + options.CloseGrace)));
        effects.Add(new PublishToAll(new LayoutCommitted(layout.Layout)));
        effects.Add(new Switched(layout.Layout, now - layout.Layout.Since));
    }

    /// <summary>Nothing plays, so there is nothing to prepare beside.</summary>
    private void Replace(ActiveLayout layout, DateTimeOffset now, List<ChannelEffect> effects)
    {
        if (Pending is not null)
            Close(Pending, effects);
        (Current, Pending) = (layout, null);
        effects.Add(new PublishToAll(new LayoutOpened(layout.Layout)));
        effects.Add(new PublishToAll(new LayoutCommitted(layout.Layout)));
        effects.Add(new Switched(layout.Layout, now - layout.Layout.Since));
    }

    private static void Close(ActiveLayout layout, List<ChannelEffect> effects)
    {
        effects.AddRange(layout.Rooms.Select(room => new CloseRoom(room.Epoch, room.Node)));
    }
}
