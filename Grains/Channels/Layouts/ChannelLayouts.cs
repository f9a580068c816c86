using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Endpoints;
using Hype.Grains.Channels.Inputs;
using Hype.Grains.Channels.Members;
using Hype.Grains.Channels.Options;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Channels.Rooms;
using Hype.Grains.Channels.Timing;
using Hype.Grains.MediaNodes;
using Hype.Grains.Timing;

namespace Hype.Grains.Channels.Layouts;

/// <summary>
/// Owns the mode and the layouts of a channel: <see cref="ModeRule"/> decides the mode, and <see cref="LayoutTransition"/> performs the
/// change to the next layout.
/// </summary>
/// <param name="initial">The layout that is reported until the first one opens.</param>
internal sealed class ChannelLayouts(
    ChannelOptions options, Roster roster, LayoutTransition transition, EffectList effects, Layout initial)
{
    private readonly ModeRule _rule = new(options);

    /// <summary>The committed layout; in an empty channel, the last committed one.</summary>
    public Layout Current { get; private set; } = initial;

    public Layout? Pending => transition.Pending?.Layout;

    /// <summary>The rooms of the current and of the pending layout.</summary>
    public ImmutableArray<RoomAssignment> Rooms => [.. transition.Announced.SelectMany(layout => layout.Assignments)];

    public DateTimeOffset? NextDeadline => Deadlines.Earliest(roster.Count > 0 ? _rule.NextDeadline : null, transition.NextDeadline);

    public ModeExplanation Explain(ModePolicy policy) => _rule.Explain(policy, roster.Count);

    /// <summary>
    /// Returns the epoch of the layout in which a joining client connects; opens the first layout if the channel is empty.
    /// </summary>
    public LayoutEpoch EpochForJoiner(ModePolicy policy, RegionId region, DateTimeOffset now)
    {
        if (transition.Current is null)
            Decide(policy, count: 1, [region], now);
        return transition.ForJoiners!.Epoch;
    }

    /// <summary>Returns the reason for which settings must be refused; <see cref="VoiceError.None"/> if they can be applied.</summary>
    public VoiceError Check(ChannelSettings settings) =>
        settings.Mode == ModePolicy.P2P && !_rule.MayBeMesh(roster.Count) ? VoiceError.MeshNotAllowed : VoiceError.None;

    public VoiceError Request(ModePolicy policy, ChannelMode mode, ModeReason reason, DateTimeOffset now)
    {
        if (transition.Target is not { } target)
            return VoiceError.UnknownChannel;
        if (policy is ModePolicy.P2P && mode != ChannelMode.P2P || policy is ModePolicy.Sfu && mode != ChannelMode.Sfu)
            return VoiceError.Unsupported;
        if (mode == ChannelMode.P2P && !_rule.MayBeMesh(roster.Count))
            return VoiceError.MeshNotAllowed;
        if (target.Mode != mode)
            _rule.Request(mode, now);
        transition.Open(mode, reason, roster.Regions, elsewhere: target.Mode == mode, now);
        return VoiceError.None;
    }

    public void Ready(Member member, LayoutEpoch epoch)
    {
        if (transition.Announcement(epoch) is { Lost: false } layout)
            layout.Ready.Add(member.Number);
    }

    /// <summary>
    /// Handles the report that two members of a mesh could not connect: the channel then needs a media node, unless the peer is away.
    /// </summary>
    public void PairFailed(LayoutEpoch epoch, Member member, MemberNumber peer)
    {
        var isPair = peer != member.Number && roster.Find(peer) is { Away: false };
        if (isPair && transition.Announcement(epoch) is { Mode: ChannelMode.P2P })
            _rule.PairFailed();
    }

    public void RoomPlaced(PlaceRoom order, Room room, DateTimeOffset now) =>
        transition.OnRoomOpened(order.Layout, order.Region, room, now);

    public void PlacementFailed(PlaceRoom order, DateTimeOffset now)
    {
        if (transition.OnPlacementFailed(order.Layout, order.Region, now))
            _rule.NoMediaNode(now);
    }

    /// <summary>Handles the loss of a room whose node may still be alive: removes the room and closes it at the node.</summary>
    public void LoseRoom(RoomEpoch epoch, MediaNodeId node, DateTimeOffset now)
    {
        if (!transition.Announced.Any(layout => layout.Find(epoch)?.Node == node))
            return;
        // The node may still use the keys, so no ticket is valid.
        transition.LoseRooms(room => room.Epoch == epoch, tickets: null, now);
        // A live node that only refuses orders must not hold the room any longer.
        effects.Add(new CloseRoom(epoch, node));
    }

    /// <inheritdoc cref="NodeLost"/>
    public void LoseNode(NodeLost lost, DateTimeOffset now)
    {
        var validFor = NodeLease.TicketsValidFor(lost.SilentFor);
        var tickets = validFor >= TimeSpan.Zero ? new TicketValidity(SteadyClock.Before(now, lost.AckedFor), now + validFor) : null;
        transition.LoseRooms(room => room.Node == lost.Node, tickets, now);
    }

    /// <summary>
    /// Moves members out of the rooms on a draining node, a few at a time. If endpoints cannot move to another node
    /// (<see cref="ChannelOptions.PortableTransports"/> is off), all members move at once, to a new layout.
    /// </summary>
    public void DrainNode(MediaNodeId node, DateTimeOffset now)
    {
        var rooms = transition.Announced.SelectMany(layout => layout.Rooms).Where(room => room.Node == node && !room.Draining).ToArray();
        if (options.PortableTransports)
            Array.ForEach(rooms, room => room.Drain());
        else if (rooms.Length > 0 && transition is { Pending: null, Target.Placing: false })
            transition.Open(ChannelMode.Sfu, ModeReason.NodeDraining, roster.Regions, elsewhere: true, now);
    }

    /// <summary>Closes those of the listed rooms on a node that the channel does not use.</summary>
    public void CloseUnused(MediaNodeId node, ImmutableArray<RoomEpoch> epochs)
    {
        foreach (var epoch in epochs.Where(epoch => !transition.Uses(epoch, node)))
            effects.Add(new CloseRoom(epoch, node));
    }

    public void RenewRooms()
    {
        foreach (var room in Rooms)
            effects.Add(new RenewRoom(room.Epoch, room.Node));
    }

    /// <summary>
    /// Opens a layout if the mode rule demands another mode or the newest layout has lost all its rooms, and requests rooms for an SFU
    /// layout without rooms.
    /// </summary>
    public void Decide(ModePolicy policy, DateTimeOffset now) => Decide(policy, roster.Count, roster.Regions, now);

    /// <summary>
    /// Commits the pending layout when all connected members are ready or the switch timeout has passed, and closes the rooms of former
    /// layouts after their grace period.
    /// </summary>
    public void CommitIfReady(DateTimeOffset now)
    {
        transition.Reconcile(roster.Connected, now);
        if (transition.Current is { } current)
            Current = current.Layout;
    }

    /// <summary>Closes all rooms and resets the mode rule after the last member has left.</summary>
    public void Clear()
    {
        transition.Close();
        _rule.Reset();
    }

    private void Decide(ModePolicy policy, int count, IReadOnlyList<RegionId> regions, DateTimeOffset now)
    {
        var target = transition.Target;
        var carried = target is { Mode: ChannelMode.P2P } or { Rooms.Count: > 0 } or { Placing: true };
        var decision = _rule.Decide(policy, count, target?.Mode, carried, now);
        if (target is null || decision.Mode != target.Mode)
            transition.Open(decision.Mode, decision.Reason, regions, elsewhere: false, now);
        else if (_rule.WaitsForNode(now))
            return;
        else if (transition.NeedsNewEpoch)
            transition.Open(ChannelMode.Sfu, ModeReason.NodeLost, regions, elsewhere: true, now);
        else
            transition.RequestRooms(regions);
    }
}
