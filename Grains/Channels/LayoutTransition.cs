using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Regions;

namespace Hype.Grains.Channels;

/// <summary>
/// How a channel gets from one layout to the next: <em>prepare → ready → commit</em>, one mechanism for a switch of mode, a
/// move to another node, and the loss of one.
/// <list type="number">
/// <item><see cref="Open"/> takes the next epoch. A mesh is announced at once; a forwarded layout first gets its room
/// (<see cref="PlaceRoom"/>), so that people are never asked to prepare what nobody can carry.</item>
/// <item>An announced layout is <see cref="Pending"/>, beside the <see cref="Current"/> one that plays. A newer epoch replaces it.</item>
/// <item><see cref="Settle"/> commits it when every connected member is ready, or at the switch timeout. The old room closes a grace later.</item>
/// <item>Where nothing plays (the first member; a lost node) there is nothing to prepare beside: the new layout is current at once.</item>
/// </list>
/// Epochs only go up, over restarts too (<see cref="LastEpoch"/> is checkpointed ahead of use).
/// </summary>
internal sealed class LayoutTransition(ChannelOptions options, int lastEpoch = 0)
{
    private readonly List<(CloseRoom Close, DateTimeOffset At)> _closings = [];
    private readonly HashSet<MediaNodeId> _avoid = [];
    private LiveLayout? _next;
    private DateTimeOffset _deadline;

    /// <summary>The highest epoch ever given.</summary>
    public int LastEpoch { get; private set; } = lastEpoch;

    /// <summary>The layout that members play; null in an empty channel.</summary>
    public LiveLayout? Current { get; private set; }

    /// <summary>The announced layout that members prepare.</summary>
    public LiveLayout? Pending { get; private set; }

    /// <summary>The layout that the channel is on its way to; the last decision about it was the newest.</summary>
    public LiveLayout? Target => _next ?? Pending ?? Current;

    /// <summary>The layout that who joins now builds.</summary>
    public LiveLayout? ForJoiners => Pending ?? Current;

    /// <summary>Both announced layouts.</summary>
    public IEnumerable<LiveLayout> Announced
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

    public LiveLayout? Announcement(int epoch) => Announced.FirstOrDefault(layout => layout.Epoch == epoch);

    /// <summary>Starts the way to a new layout.</summary>
    public void Open(ChannelMode mode, ModeReason reason, RegionId region, bool elsewhere, DateTimeOffset now, List<ChannelEffect> effects)
    {
        var sticky = elsewhere ? null : Pending?.Room?.Node ?? Current?.Room?.Node;
        var layout = new LiveLayout(new Layout(++LastEpoch, mode, reason, now));
        _next = null;
        if (Current is null)
            Current = layout;
        else if (!Current.Plays)
            Replace(layout, now, effects);
        else if (mode == ChannelMode.P2P)
            Announce(layout, now, effects);
        else
            _next = layout;

        if (mode == ChannelMode.Sfu)
            Place(layout, region, sticky, effects);
    }

    /// <summary>Asks again for the room of a layout that got none.</summary>
    public void PlaceAgain(RegionId region, List<ChannelEffect> effects)
    {
        if (Target is { Mode: ChannelMode.Sfu, Room: null, Placing: false, Lost: false } layout)
            Place(layout, region, null, effects);
    }

    /// <summary>The room of an epoch is open; of an epoch that is no longer wanted, it is closed again.</summary>
    public void RoomOpened(int epoch, Room room, DateTimeOffset now, List<ChannelEffect> effects)
    {
        if (_next?.Epoch == epoch)
        {
            var layout = _next;
            _next = null;
            layout.Furnish(room);
            Announce(layout, now, effects);
        }
        else if (Current is { Placing: true } && Current.Epoch == epoch)
        {
            Current.Furnish(room);
        }
        else
        {
            effects.Add(new CloseRoom(epoch, room.Node));
        }
    }

    /// <summary>No node has room. Returns whether that layout still mattered; one that was not announced is given up.</summary>
    public bool PlacementFailed(int epoch)
    {
        // Whoever was avoided may be back by the next time we ask.
        _avoid.Clear();
        if (_next?.Epoch == epoch)
        {
            _next = null;
            return true;
        }

        if (Current is not { Placing: true } || Current.Epoch != epoch)
            return false;

        Current.NotPlaced();
        return true;
    }

    /// <summary>These rooms are gone. If what played is among them, the layout that is on its way takes over at once.</summary>
    public void Lose(Func<LiveLayout, Room, bool> gone, DateTimeOffset now, List<ChannelEffect> effects)
    {
        foreach (var layout in Announced.Where(layout => layout.Room is not null && gone(layout, layout.Room)))
        {
            _avoid.Add(layout.Room!.Node);
            layout.Lose();
        }

        if (Current is not { Lost: true })
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

    /// <summary>A node that was avoided has proved good.</summary>
    public void Trust() => _avoid.Clear();

    /// <summary>Commits what is ready or overdue, and closes rooms whose grace is over.</summary>
    public void Settle(IReadOnlyCollection<uint> connected, DateTimeOffset now, List<ChannelEffect> effects)
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
        effects.AddRange(_closings.Select(closing => closing.Close));
        _closings.Clear();
        _avoid.Clear();
        (Current, Pending, _next) = (null, null, null);
    }

    /// <summary>After a restart of the grain: people go on with what they had. Who was ready is forgotten; the timeout decides.</summary>
    public void Restore(LiveLayout current, LiveLayout? pending, DateTimeOffset now)
    {
        (Current, Pending) = (current, pending);
        _deadline = now + options.SwitchTimeout;
        if (pending is { Plays: false })
            pending.Lose();
    }

    private void Place(LiveLayout layout, RegionId region, MediaNodeId? sticky, List<ChannelEffect> effects)
    {
        layout.Ask();
        effects.Add(new PlaceRoom(layout.Epoch, region, sticky is { } node && _avoid.Contains(node) ? null : sticky, [.. _avoid]));
    }

    private void Announce(LiveLayout layout, DateTimeOffset now, List<ChannelEffect> effects)
    {
        if (Pending is not null)
            Close(Pending, effects);
        Pending = layout;
        _deadline = now + options.SwitchTimeout;
        effects.Add(new TellAll(new LayoutOpened(layout.Layout)));
    }

    private void Commit(DateTimeOffset now, List<ChannelEffect> effects)
    {
        var (old, layout) = (Current!, Pending!);
        (Current, Pending) = (layout, null);
        if (old.Room is { } room)
            _closings.Add((new CloseRoom(old.Epoch, room.Node), now + options.CloseGrace));
        effects.Add(new TellAll(new LayoutCommitted(layout.Layout)));
        effects.Add(new Switched(layout.Layout, now - layout.Layout.Since));
    }

    /// <summary>Nothing plays, so there is nothing to prepare beside.</summary>
    private void Replace(LiveLayout layout, DateTimeOffset now, List<ChannelEffect> effects)
    {
        if (Pending is not null)
            Close(Pending, effects);
        (Current, Pending) = (layout, null);
        effects.Add(new TellAll(new LayoutOpened(layout.Layout)));
        effects.Add(new TellAll(new LayoutCommitted(layout.Layout)));
        effects.Add(new Switched(layout.Layout, now - layout.Layout.Since));
    }

    private static void Close(LiveLayout layout, List<ChannelEffect> effects)
    {
        if (layout.Room is { } room)
            effects.Add(new CloseRoom(layout.Epoch, room.Node));
    }
}
