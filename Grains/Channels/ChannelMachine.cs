using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Regions;
using Hype.Grains.Cascade;
using Hype.Grains.Channels.Endpoints;
using Hype.Grains.Channels.Layouts;
using Hype.Grains.Channels.Members;
using Hype.Grains.Channels.Rooms;
using Hype.Grains.MediaNodes;
using Hype.Grains.Sessions;

namespace Hype.Grains.Channels;

/// <summary>Someone who asks for a seat.</summary>
internal sealed record Admission(
    SessionId Session, byte[] TokenHash, string Identity, string Name, Grants Grants, string GatewayId, RegionId Region, bool Muted = false, bool Deafened = false,
    DateTimeOffset TokenIssuedAt = default);

/// <summary>
/// Everything that a channel decides, without a clock, a network or a grain: <see cref="Roster"/>, <see cref="ModeRule"/> and
/// <see cref="LayoutTransition"/> put together. Each input is one step that ends in a consistent channel; what has to be done
/// about it in the world comes out of <see cref="TakeEffects"/>, in order. <see cref="NextDeadline"/> says when to call <see cref="Tick"/>.
/// </summary>
internal sealed class ChannelMachine
{
    private readonly ChannelId _channel;
    private readonly ChannelOptions _options;
    private readonly long _incarnation;
    private readonly Roster _roster;
    private readonly ModeRule _rule;
    private readonly LayoutTransition _layouts;
    private readonly EndpointPlanner _transports;
    private readonly RoomLinks _links;

    private List<ChannelEffect> _effects = [];
    private DateTimeOffset? _flushAt;
    private MemberNumber? _dominant;
    private Layout _shown;

    public ChannelMachine(
        ChannelId channel, ChannelOptions options, ChannelSettings settings, long incarnation, DateTimeOffset now, ChannelCheckpoint? checkpoint = null)
    {
        _channel = channel;
        _options = options;
        _incarnation = incarnation;
        Settings = settings;
        _rule = new ModeRule(options);
        _roster = new Roster(checkpoint?.RosterVersion ?? 0, checkpoint?.NumberLimit ?? default, checkpoint?.Members.Select(member => Returned(member, now)));
        _layouts = new LayoutTransition(options, checkpoint?.EpochLimit ?? default);
        _links = new RoomLinks(_layouts, incarnation, effect => _effects.Add(effect));
        _transports = new EndpointPlanner(options, _roster, _layouts, _links, effect => _effects.Add(effect), End);
        _shown = checkpoint?.Layout ?? new Layout(default, ChannelMode.P2P, ModeReason.Created, now);
        if (checkpoint is { Members.Length: > 0 })
            Restore(checkpoint, now);
    }

    public ChannelSettings Settings { get; private set; }

    public int Count => _roster.Count;

    public int Limit => Settings.MaxParticipants ?? _options.MaxParticipants;

    /// <summary>The gateways that hold sessions.</summary>
    public IReadOnlySet<string> Gateways => _roster.Members.Select(member => member.GatewayId).OfType<string>().ToHashSet();

    public Layout Current => _layouts.Current?.Layout ?? _shown;

    public ChannelSummary Summary => new(_channel, Current.Mode, Current.Epoch, Current.Reason, Count);

    /// <summary>When <see cref="Tick"/> has something to do; null: nothing will happen by itself.</summary>
    public DateTimeOffset? NextDeadline => Deadlines.Earliest(
        Count > 0 ? _rule.NextDeadline : null,
        _layouts.NextDeadline,
        _transports.NextDeadline,
        _links.NextDeadline,
        _flushAt,
        Deadlines.Earliest([.. _roster.Members.Select(member => member.AwayUntil)]));

    public IReadOnlyList<ChannelEffect> TakeEffects()
    {
        var taken = _effects;
        _effects = [];
        return taken;
    }

    public ChannelSnapshot Snapshot() => new()
    {
        Channel = _channel,
        Incarnation = _incarnation,
        RosterVersion = _roster.Version,
        Current = Current,
        Pending = _layouts.Pending?.Layout,
        Settings = Settings,
        Participants = [.. _roster.Members.Select(member => member.Line)],
        Rooms = Rooms,
        DominantSpeaker = _dominant,
    };

    /// <summary>Where the transports of all layouts are.</summary>
    public ImmutableArray<RoomAssignment> Rooms => [.. _layouts.Announced.SelectMany(layout => layout.Assignments)];

    /// <summary>Why it is as it is; who is heard in which slot only the nodes know.</summary>
    public ChannelExplanation Explain() => new()
    {
        Snapshot = Snapshot(),
        Mode = _rule.Explain(Settings.Mode, Count),
        Rooms = [.. _layouts.Announced.SelectMany(layout => layout.Rooms.Select(room => new RoomExplanation(
            new RoomAssignment(room.Room.Region, room.Node, room.Epoch, layout.Epoch),
            [.. room.Regions],
            [.. layout.Endpoints.Where(endpoint => endpoint.Value.Room == room).Select(endpoint => endpoint.Key).Order()],
            room.Leaving,
            [],
            PlacementReason.Unknown)))],
        Links = [.. _links.Explain()],
    };

    public ChannelCheckpoint Checkpoint() => new()
    {
        Incarnation = _incarnation,
        EpochLimit = new(_layouts.LastEpoch.Value + ChannelCheckpoint.EpochReserve),
        NumberLimit = new(_roster.LastNumber.Value + ChannelCheckpoint.NumberReserve),
        RosterVersion = _roster.Version,
        Layout = Current,
        Pending = _layouts.Pending?.Layout,
        Rooms = Rooms,
        Members = [.. _roster.Members],
        Settings = Settings,
    };

    /// <summary>Everybody hears of those who came and went, also where a batch would wait for more: a checkpoint holds nothing that was not told.</summary>
    public void TellRoster()
    {
        if (_roster.HasChanges)
            _effects.Add(new PublishToAll(FlushNow()!));
    }

    public Member? Find(SessionId session) => _roster.Find(session);

    public Member? Find(MemberNumber number) => _roster.Find(number);

    public Member? FindIdentity(string identity) => _roster.FindIdentity(identity);

    /// <summary>Where the member's transport of a layout is, if that layout is forwarded and has a room for it.</summary>
    public Room? RoomOf(SessionId session, LayoutEpoch epoch) => _roster.Find(session) is { } member ? _transports.RoomOf(epoch, member.Number) : null;

    /// <summary>Is this where the member's transport of that layout is?</summary>
    public bool IsAt(UpdateEndpoint update) => _transports.RoomOf(update.Layout, update.Member.Number) == update.Room;

    /// <summary>Is the member's transport of that layout there, or still there, and is this what the member may?</summary>
    public bool Wants(UpdateEndpoint update) =>
        _transports.Find(update.Layout, update.Member.Number) is { } endpoint
        && (endpoint.Room?.Room == update.Room || endpoint.Former?.Room == update.Room)
        && _roster.Find(update.Member.Number) is { } member && EndpointPlanner.Permissions(member) == update.Member;

    /// <summary>Is the room still one of the channel's, and the member not in it again?</summary>
    public bool Wants(RemoveEndpoint remove) =>
        _layouts.Announced.Any(layout => layout.Find(remove.Epoch) is { } room && room.Node == remove.Node && layout.Endpoints.GetValueOrDefault(remove.Number)?.Room != room);

    // Who is in

    public (VoiceError Error, Member? Member) Join(Admission admission, DateTimeOffset now)
    {
        if (!admission.Grants.HasFlag(Grants.Join))
            return (VoiceError.Forbidden, null);

        ExpireAway(now);
        var replaced = _roster.FindIdentity(admission.Identity);
        if (replaced is null && _roster.Count >= Limit)
            return (VoiceError.ChannelFull, null);

        if (replaced is not null)
            End(replaced, LeaveReason.Replaced);
        if (_layouts.Current is null)
            Decide(count: 1, [admission.Region], now);

        var member = new Member
        {
            Line = new Participant
            {
                Session = admission.Session,
                Number = _roster.NextNumber(),
                Identity = admission.Identity,
                Name = admission.Name,
                Grants = admission.Grants,
                Muted = admission.Muted || admission.Deafened,
                Deafened = admission.Deafened,
                // Coming again must not undo what a moderator did.
                ServerMuted = replaced?.Line.ServerMuted ?? false,
                SinceEpoch = _layouts.ForJoiners!.Epoch,
                JoinedAt = now,
            },
            TokenHash = admission.TokenHash,
            Region = admission.Region,
            GatewayId = admission.GatewayId,
            TokenIssuedAt = admission.TokenIssuedAt,
        };
        _roster.Add(member);
        Settle(now);
        return (VoiceError.None, member);
    }

    public (VoiceError Error, Member? Member) Resume(SessionId session, byte[] tokenHash, string gatewayId, DateTimeOffset now)
    {
        ExpireAway(now);
        if (_roster.Find(session) is { } member && ResumeToken.Matches(member.TokenHash, tokenHash))
        {
            Arrive(member, gatewayId, now);
            Settle(now);
            return (VoiceError.None, _roster.Find(session));
        }

        Settle(now);
        return (VoiceError.SessionExpired, null);
    }

    /// <summary>
    /// The gateway holds these sessions' sockets, and no others. Those that are over it is told about; those that were booked on it
    /// and are not among them have lost their sockets unnoticed. (One whose join is just under way comes back with the next attach.)
    /// </summary>
    public void Attach(string gatewayId, IReadOnlyCollection<SessionId> sessions, DateTimeOffset now)
    {
        ExpireAway(now);
        foreach (var member in _roster.Members.Where(member => member.GatewayId == gatewayId && !sessions.Contains(member.Session)).ToArray())
            Depart(member, now);
        foreach (var session in sessions)
        {
            if (_roster.Find(session) is { } member)
                Arrive(member, gatewayId, now);
            else
                _effects.Add(new NotifySession(gatewayId, new SessionEnded(session, LeaveReason.TimedOut)));
        }

        Settle(now);
    }

    public void Detach(SessionId session, string gatewayId, DateTimeOffset now)
    {
        if (_roster.Find(session) is { } member && member.GatewayId == gatewayId)
            Depart(member, now);
        Settle(now);
    }

    /// <summary>A gateway is gone with all its sockets.</summary>
    public void GatewayLost(string gatewayId, DateTimeOffset now)
    {
        foreach (var member in _roster.Members.Where(member => member.GatewayId == gatewayId).ToArray())
            Depart(member, now);
        Settle(now);
    }

    public void Leave(SessionId session, LeaveReason reason, DateTimeOffset now)
    {
        if (_roster.Find(session) is { } member)
            End(member, reason);
        Settle(now);
    }

    // What members are and may

    public void SetState(SessionId session, bool muted, bool deafened, DateTimeOffset now)
    {
        if (_roster.Find(session) is { } member)
            Permit(member, member with { Line = member.Line with { Muted = muted || deafened, Deafened = deafened } });
        Settle(now);
    }

    public VoiceError SetServerMute(MemberNumber number, bool muted, DateTimeOffset now)
    {
        if (_roster.Find(number) is not { } member)
            return VoiceError.UnknownParticipant;

        if (member.Line.ServerMuted != muted)
        {
            Permit(member, member with { Line = member.Line with { ServerMuted = muted } });
            Tell(member, new SessionModerated(member.Session, muted));
        }

        Settle(now);
        return VoiceError.None;
    }

    /// <summary>What the participant may from now on.</summary>
    public VoiceError SetGrants(MemberNumber number, Grants grants, DateTimeOffset now)
    {
        if (_roster.Find(number) is not { } member)
            return VoiceError.UnknownParticipant;

        if (member.Line.Grants != grants)
        {
            Permit(member, member with { Line = member.Line with { Grants = grants } });
            Tell(member, new SessionGranted(member.Session, grants));
        }

        Settle(now);
        return VoiceError.None;
    }

    public VoiceError SetAttributes(MemberNumber number, ImmutableSortedDictionary<string, string> attributes, DateTimeOffset now)
    {
        if (_roster.Find(number) is not { } member)
            return VoiceError.UnknownParticipant;

        _roster.Update(member with { Line = member.Line with { Attributes = attributes } });
        Settle(now);
        return VoiceError.None;
    }

    /// <summary>The session goes on in another channel, where it has this seat. False when it is not here any more.</summary>
    public bool Transfer(SessionId session, ChannelId channel, JoinResult seat, DateTimeOffset now)
    {
        var member = _roster.Find(session);
        if (member is not null)
        {
            // First: the gateway must not take the end of this session for the end of its socket.
            Tell(member, new SessionTransferred(session, channel, seat));
            End(member, LeaveReason.Moved);
        }

        Settle(now);
        return member is not null;
    }

    /// <summary>Nobody stays.</summary>
    public void Close(DateTimeOffset now)
    {
        foreach (var member in _roster.Members.ToArray())
            End(member, LeaveReason.ChannelClosed);
        Settle(now);
    }

    public void SetQuality(SessionId session, ConnectionQuality quality, DateTimeOffset now)
    {
        if (_roster.Find(session) is { } member)
            _roster.Update(WithQuality(member with { ClientQuality = quality }));
        Settle(now);
    }

    // Layouts

    public void UpdateSettings(ChannelSettings settings, DateTimeOffset now)
    {
        Settings = settings;
        Settle(now);
    }

    public VoiceError RequestLayout(ChannelMode mode, ModeReason reason, DateTimeOffset now)
    {
        if (_layouts.Target is not { } target)
            return VoiceError.UnknownChannel;
        if (Settings.Mode is ModePolicy.P2P && mode != ChannelMode.P2P || Settings.Mode is ModePolicy.Sfu && mode != ChannelMode.Sfu)
            return VoiceError.Unsupported;

        if (target.Mode != mode)
            _rule.Request(mode, now);
        _layouts.Open(mode, reason, Regions(), elsewhere: target.Mode == mode, now, _effects);
        Settle(now);
        return VoiceError.None;
    }

    public void Ready(SessionId session, LayoutEpoch epoch, DateTimeOffset now)
    {
        if (_roster.Find(session) is { } member && _layouts.Announcement(epoch) is { Lost: false } layout)
            layout.Ready.Add(member.Number);
        Settle(now);
    }

    /// <summary>
    /// A member could not connect. In a mesh one such pair is enough to need a node, unless the other end is simply away;
    /// to a node it gets a new transport.
    /// </summary>
    public void ConnectionFailed(SessionId session, LayoutEpoch epoch, MemberNumber? peer, DateTimeOffset now)
    {
        if (_roster.Find(session) is { Away: false } member && _layouts.Announcement(epoch) is { } layout)
        {
            if (peer is null)
                _transports.Failed(epoch, member, now);
            else if (layout.Mode == ChannelMode.P2P && peer != member.Number && _roster.Find(peer.Value) is { Away: false })
                _rule.PairFailed();
        }

        Settle(now);
    }

    /// <summary>The client's side of its transport is on its way to the node.</summary>
    public VoiceError Answered(SessionId session, LayoutEpoch epoch)
    {
        if (_roster.Find(session) is not { } member)
            return VoiceError.UnknownParticipant;
        // After a restart of the grain an answer may come again whose offer is forgotten.
        if (_transports.Find(epoch, member.Number) is not { } endpoint || endpoint is { Offer: null, Answered: false })
            return VoiceError.StaleEpoch;

        endpoint.Answer();
        return VoiceError.None;
    }

    // What nodes say

    /// <param name="layout">Its epoch.</param>
    /// <param name="region">For which it was asked.</param>
    public void RoomOpened(LayoutEpoch layout, RegionId region, Room room, DateTimeOffset now)
    {
        _layouts.RoomOpened(layout, region, room, now, _effects);
        Settle(now);
    }

    public void PlacementFailed(LayoutEpoch layout, RegionId region, DateTimeOffset now)
    {
        if (_layouts.PlacementFailed(layout, region, now, _effects))
            _rule.NoMediaNode(now);
        Settle(now);
    }

    /// <summary>After a restart: who is in a room.</summary>
    public void RoomVerified(Room room, ListedEndpoints listed, DateTimeOffset now)
    {
        _transports.Verified(room, listed.Endpoints, now);
        _links.Found(room, listed.Links, now);
        Settle(now);
    }

    /// <summary>The room of an epoch cannot be used any more.</summary>
    public void RoomLost(RoomEpoch epoch, MediaNodeId node, DateTimeOffset now)
    {
        if (_layouts.Announced.Any(layout => layout.Find(epoch)?.Node == node))
        {
            // Its node may live, and then what became of its keys is not known.
            _layouts.Lose(room => room.Epoch == epoch, ticketsSince: null, now, _effects);
            // If the node lives and only refuses, it need not keep what nobody will use.
            _effects.Add(new CloseRoom(epoch, node));
        }

        Settle(now);
    }

    /// <summary>The node is gone with its rooms.</summary>
    /// <param name="lastHeard">When it was last heard for certain: from then on it may have used more of its keys than its tickets say.</param>
    /// <param name="heardSince">Since when it was heard without such a silence.</param>
    public void NodeLost(MediaNodeId node, DateTimeOffset lastHeard, DateTimeOffset heardSince, DateTimeOffset now)
    {
        _layouts.Lose(room => room.Node == node, now - lastHeard <= NodeLease.TicketLifetime ? heardSince : null, now, _effects);
        Settle(now);
    }

    /// <summary>The node is to be empty.</summary>
    public void NodeDraining(MediaNodeId node, DateTimeOffset now)
    {
        var rooms = _layouts.Announced.SelectMany(layout => layout.Rooms).Where(room => room.Node == node && !room.Leaving).ToArray();
        if (rooms.Length > 0 && !_options.PortableTransports && _layouts is { Pending: null, Target.Placing: false })
            _layouts.Open(ChannelMode.Sfu, ModeReason.NodeDraining, Regions(), elsewhere: true, now, _effects);
        else if (_options.PortableTransports)
            Array.ForEach(rooms, room => room.Leave());
        Settle(now);
    }

    /// <summary>A node says that it carries rooms of these epochs: those that are the channel's no more are closed.</summary>
    public void RoomsFound(MediaNodeId node, IEnumerable<RoomEpoch> epochs, DateTimeOffset now)
    {
        foreach (var epoch in epochs)
        {
            if (!_layouts.Wants(epoch, node))
                _effects.Add(new CloseRoom(epoch, node));
        }

        Settle(now);
    }

    public void EndpointAdded(AddEndpoint add, SfuOffer offer, DateTimeOffset now)
    {
        _transports.Added(add, offer);
        Settle(now);
    }

    /// <summary>Another node carries the transport on.</summary>
    public void EndpointRevived(LayoutEpoch layout, Room room, MemberNumber number, int generation, SfuOffer destination, DateTimeOffset now)
    {
        _transports.Revived(layout, room, number, generation, destination, now);
        Settle(now);
    }

    public void IceRestarted(LayoutEpoch layout, Room room, MemberNumber number, int generation, SfuOffer offer, DateTimeOffset now)
    {
        _transports.Restarted(layout, room, number, generation, offer, now);
        Settle(now);
    }

    /// <summary>The node would not take this transport, or did not answer: another try, a few times; the others' room stays.</summary>
    public void EndpointRefused(LayoutEpoch layout, Room room, MemberNumber number, int generation, DateTimeOffset now)
    {
        _transports.Refused(layout, room, number, generation);
        Settle(now);
    }

    /// <summary>The node has no such transport (it was restarted while nobody looked).</summary>
    public void EndpointLost(LayoutEpoch layout, MemberNumber number, DateTimeOffset now)
    {
        if (_roster.Find(number) is { } member)
            _transports.Lost(layout, member);
        Settle(now);
    }

    public void Linked(RoomPair pair, string name, DateTimeOffset now)
    {
        _links.Linked(pair, name);
        Settle(now);
    }

    public void LinkFailed(RoomPair pair, DateTimeOffset now)
    {
        _links.Failed(pair, now);
        Settle(now);
    }

    public void NodeReported(MediaNodeId node, IEnumerable<RoomEvent> events, DateTimeOffset now)
    {
        foreach (var roomEvent in events)
        {
            foreach (var layout in _layouts.Announced)
            {
                if (layout.Find(roomEvent.Epoch) is { } room && room.Node == node)
                    Observe(layout, room, roomEvent, now);
            }
        }

        Settle(now);
    }

    /// <summary>Time has passed.</summary>
    public void Tick(DateTimeOffset now) => Settle(now);

    private void Observe(ActiveLayout layout, ActiveRoom room, RoomEvent roomEvent, DateTimeOffset now)
    {
        switch (roomEvent)
        {
            // Linked rooms all hear the same conversation: the word of the first is enough.
            case DominantSpeakerChanged speaker when layout == _layouts.Current && room == layout.Rooms[0]:
                Dominate(speaker.Number is { } number && _roster.Find(number) is not null ? number : null);
                break;
            case EndpointQuality quality when layout == _layouts.Current && _roster.Find(quality.Number) is { } member:
                _roster.Update(WithQuality(member with { NodeQuality = QualityLevels.Of(quality.LossPercent, quality.JitterMs, quality.RoundTripMs) }));
                break;
            case LinkLost lost:
                _links.Lost(lost.Link, now);
                break;
            default:
                _transports.Observe(layout, room, roomEvent, now);
                break;
        }
    }

    private void Arrive(Member member, string gatewayId, DateTimeOffset now)
    {
        var back = member with { GatewayId = gatewayId, AwayUntil = null, Line = member.Line with { Away = false } };
        _roster.Update(back);
        _transports.Arrive(back, now);
    }

    private void Depart(Member member, DateTimeOffset now) =>
        _roster.Update(member with { GatewayId = null, AwayUntil = now + _options.ResumeWindow, Line = member.Line with { Away = true } });

    private void ExpireAway(DateTimeOffset now)
    {
        foreach (var member in _roster.Members.Where(member => member.AwayUntil <= now).ToArray())
            End(member, LeaveReason.TimedOut);
    }

    private void End(Member member, LeaveReason reason)
    {
        // Who left by himself has told his gateway, and who was moved was told where.
        if (reason is not (LeaveReason.Left or LeaveReason.Moved))
            Tell(member, new SessionEnded(member.Session, reason));
        _transports.Remove(member);
        _roster.Remove(member, reason);
        _effects.Add(new EndSession(member.Session, member.Line.Identity, reason));
        if (_dominant == member.Number)
            Dominate(null);
    }

    private void Permit(Member before, Member after)
    {
        _roster.Update(after);
        if (EndpointPlanner.Permissions(before) == EndpointPlanner.Permissions(after))
            return;

        _transports.Permit(after);
    }

    /// <summary>What every step ends with: the channel as its rules want it now.</summary>
    private void Settle(DateTimeOffset now)
    {
        ExpireAway(now);
        FlushBeforeLayouts(from: 0);
        Flush(now);
        var epoch = _layouts.Current?.Epoch;
        var settling = _effects.Count;
        if (Count == 0)
        {
            _layouts.Empty(_effects);
            _links.Clear();
            _rule.Emptied();
            _dominant = null;
        }
        else
        {
            Decide(Count, Regions(), now);
            _transports.Settle(_effects, now);
            _links.Settle(now);
        }

        _layouts.Settle([.. _roster.Members.Where(member => !member.Away).Select(member => member.Number)], now, _effects);
        if (_layouts.Current is { } current)
        {
            _shown = current.Layout;
            if (current.Epoch != epoch)
                Committed();
        }

        FlushBeforeLayouts(settling);
        Flush(now);
    }

    private void Decide(int count, IReadOnlyList<RegionId> regions, DateTimeOffset now)
    {
        var target = _layouts.Target;
        var carried = target is { Mode: ChannelMode.P2P } or { Rooms.Count: > 0 } or { Placing: true };
        var decision = _rule.Decide(Settings.Mode, count, target?.Mode, carried, now);
        if (target is null || decision.Mode != target.Mode)
            _layouts.Open(decision.Mode, decision.Reason, regions, elsewhere: false, now, _effects);
        else if (_rule.WaitsForNode(now))
            return;
        else if (_layouts.NeedsAnother)
            _layouts.Open(ChannelMode.Sfu, ModeReason.NodeLost, regions, elsewhere: true, now, _effects);
        else
            _layouts.PlaceAgain(regions, _effects);
    }

    private void Committed()
    {
        Dominate(null);
        foreach (var member in _roster.Members.Where(member => member.NodeQuality != ConnectionQuality.Unknown).ToArray())
            _roster.Update(WithQuality(member with { NodeQuality = ConnectionQuality.Unknown }));
    }

    private void Dominate(MemberNumber? number)
    {
        if (_dominant == number)
            return;

        _dominant = number;
        _effects.Add(new PublishToAll(new SpeakersChanged(number)));
    }

    private void Flush(DateTimeOffset now)
    {
        if (!_roster.HasChanges)
            return;

        if (Count > _options.RosterBatchAbove && (_flushAt ??= now + _options.RosterBatchInterval) > now)
            return;

        _effects.Add(new PublishToAll(FlushNow()!));
    }

    /// <summary>A layout is announced to people who know the roster, so a batch does not wait behind it.</summary>
    private void FlushBeforeLayouts(int from)
    {
        var index = _effects.FindIndex(from, effect => effect is PublishToAll { Event: LayoutOpened or LayoutCommitted });
        if (index >= 0 && _roster.HasChanges)
            _effects.Insert(index, new PublishToAll(FlushNow()!));
    }

    private RosterChanged? FlushNow()
    {
        _flushAt = null;
        return _roster.Flush();
    }

    /// <summary>An away member has no gateway; it hears what matters when it comes back.</summary>
    private void Tell(Member member, ChannelEvent channelEvent)
    {
        if (member.GatewayId is { } gateway)
            _effects.Add(new NotifySession(gateway, channelEvent));
    }

    private static Member WithQuality(Member member) =>
        member with { Line = member.Line with { Quality = QualityLevels.Worse(member.ClientQuality, member.NodeQuality) } };

    /// <summary>Of the members, the one with the most first; of equals, the one that was there first.</summary>
    private RegionId[] Regions() => [.. _roster.Members.GroupBy(member => member.Region).OrderByDescending(region => region.Count()).Select(region => region.Key)];

    private Member Returned(Member member, DateTimeOffset now) =>
        member with { GatewayId = null, AwayUntil = now + _options.ResumeWindow, Line = member.Line with { Away = true } };

    /// <summary>Everyone is away until a gateway or a client says otherwise, and media goes on as it was: a room is asked for who is still in it.</summary>
    private void Restore(ChannelCheckpoint checkpoint, DateTimeOffset now)
    {
        _layouts.Restore(Revive(checkpoint.Layout, checkpoint), checkpoint.Pending is { } pending ? Revive(pending, checkpoint) : null, now);
        Settle(now);
    }

    private ActiveLayout Revive(Layout layout, ChannelCheckpoint checkpoint)
    {
        var live = new ActiveLayout(layout);
        foreach (var room in checkpoint.Rooms.Where(room => room.Layout == layout.Epoch))
        {
            live.Restore(room);
            _effects.Add(new VerifyRoom(new Room(room.Node, room.Region, room.Epoch)));
        }

        if (live.Rooms.Count > 0)
        {
            live.ServeAll(Regions());
            foreach (var member in _roster.Members.Where(member => member.Line.SinceEpoch <= layout.Epoch))
                live.Endpoints.Add(member.Number, MemberEndpoint.Restored());
        }

        return live;
    }
}
