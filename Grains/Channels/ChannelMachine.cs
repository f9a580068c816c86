using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Regions;
using Hype.Grains.Participants;

namespace Hype.Grains.Channels;

/// <summary>Someone who asks for a seat.</summary>
internal sealed record Admission(
    SessionId Session, byte[] TokenHash, string Identity, string Name, Grants Grants, string GatewayId, RegionId Region, bool Muted = false, bool Deafened = false);

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

    private List<ChannelEffect> _effects = [];
    private DateTimeOffset? _flushAt;
    private uint? _dominant;
    private Layout _shown;

    public ChannelMachine(
        ChannelId channel, ChannelOptions options, ChannelSettings settings, long incarnation, DateTimeOffset now, ChannelCheckpoint? checkpoint = null)
    {
        _channel = channel;
        _options = options;
        _incarnation = incarnation;
        Settings = settings;
        _rule = new ModeRule(options);
        _roster = new Roster(checkpoint?.RosterVersion ?? 0, checkpoint?.NumberLimit ?? 0, checkpoint?.Members.Select(member => Returned(member, now)));
        _layouts = new LayoutTransition(options, checkpoint?.EpochLimit ?? 0);
        _shown = checkpoint?.Layout ?? new Layout(0, ChannelMode.P2P, ModeReason.Created, now);
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
        Rooms = [.. _layouts.Announced.SelectMany(layout => layout.Assignments)],
        DominantSpeaker = _dominant,
    };

    public ChannelCheckpoint Checkpoint() => new()
    {
        Incarnation = _incarnation,
        EpochLimit = _layouts.LastEpoch + ChannelCheckpoint.EpochReserve,
        NumberLimit = _roster.LastNumber + ChannelCheckpoint.NumberReserve,
        RosterVersion = _roster.Version,
        Layout = Current,
        Pending = _layouts.Pending?.Layout,
        Rooms = [.. _layouts.Announced.SelectMany(layout => layout.Assignments)],
        Members = [.. _roster.Members],
    };

    public Member? Find(SessionId session) => _roster.Find(session);

    public Member? Find(uint number) => _roster.Find(number);

    public Member? FindIdentity(string identity) => _roster.FindIdentity(identity);

    /// <summary>Where the member's transport of an epoch is, if that layout is forwarded and has a room.</summary>
    public MediaNodeId? NodeOf(SessionId session, int epoch) =>
        _roster.Find(session) is { } member && _layouts.Announcement(epoch) is { Room: { } room } layout && layout.Endpoints.ContainsKey(member.Number)
            ? room.Node
            : null;

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
            Decide(count: 1, admission.Region, now);

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
            Arrive(member, gatewayId);
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
                Arrive(member, gatewayId);
            else
                _effects.Add(new TellOne(gatewayId, new SessionEnded(session, LeaveReason.TimedOut)));
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

    public VoiceError SetServerMute(uint number, bool muted, DateTimeOffset now)
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
        _layouts.Open(mode, reason, Region(), elsewhere: target.Mode == mode, now, _effects);
        Settle(now);
        return VoiceError.None;
    }

    public void Ready(SessionId session, int epoch, DateTimeOffset now)
    {
        if (_roster.Find(session) is { } member && _layouts.Announcement(epoch) is { Lost: false } layout)
            layout.Ready.Add(member.Number);
        Settle(now);
    }

    /// <summary>
    /// A member could not connect. In a mesh one such pair is enough to need a node, unless the other end is simply away;
    /// to a node it gets a new transport.
    /// </summary>
    public void ConnectionFailed(SessionId session, int epoch, uint? peer, DateTimeOffset now)
    {
        if (_roster.Find(session) is { Away: false } member && _layouts.Announcement(epoch) is { } layout)
        {
            if (peer is null)
                Recover(layout, member, endpoint => endpoint.Answered);
            else if (layout.Mode == ChannelMode.P2P && peer != member.Number && _roster.Find(peer.Value) is { Away: false })
                _rule.PairFailed();
        }

        Settle(now);
    }

    /// <summary>The client's side of its transport is on its way to the node.</summary>
    public VoiceError Answered(SessionId session, int epoch)
    {
        if (_roster.Find(session) is not { } member)
            return VoiceError.UnknownParticipant;
        if (_layouts.Announcement(epoch)?.Endpoints.GetValueOrDefault(member.Number) is not { Offer: not null } endpoint)
            return VoiceError.StaleEpoch;

        endpoint.Answer();
        return VoiceError.None;
    }

    // What nodes say

    public void RoomOpened(int epoch, Room room, DateTimeOffset now)
    {
        _layouts.RoomOpened(epoch, room, now, _effects);
        Settle(now);
    }

    public void PlacementFailed(int epoch, DateTimeOffset now)
    {
        if (_layouts.PlacementFailed(epoch))
            _rule.NoMediaNode(now);
        Settle(now);
    }

    /// <summary>The room of an epoch cannot be used any more.</summary>
    public void RoomLost(int epoch, MediaNodeId node, DateTimeOffset now)
    {
        if (_layouts.Announcement(epoch)?.Room?.Node == node)
        {
            _layouts.Lose((layout, _) => layout.Epoch == epoch, now, _effects);
            // If the node lives and only refuses, it need not keep what nobody will use.
            _effects.Add(new CloseRoom(epoch, node));
        }

        Settle(now);
    }

    public void NodeLost(MediaNodeId node, DateTimeOffset now)
    {
        _layouts.Lose((_, room) => room.Node == node, now, _effects);
        Settle(now);
    }

    /// <summary>The node has the transport: its side of it is the offer.</summary>
    public void EndpointAdded(int epoch, uint number, int generation, SfuOffer offer, DateTimeOffset now)
    {
        if (Endpoint(epoch, number) is { } endpoint && endpoint.Generation == generation)
        {
            endpoint.Offered(offer);
            Offer(_roster.Find(number)!, endpoint);
        }

        Settle(now);
    }

    /// <summary>The node would not add this transport, or did not answer: another try, a few times; the others' room stays.</summary>
    public void EndpointRefused(int epoch, uint number, int generation, DateTimeOffset now)
    {
        if (_layouts.Announcement(epoch) is { Room: { } room } && Endpoint(epoch, number) is { } endpoint && endpoint.Generation == generation
            && _roster.Find(number) is { } member)
        {
            endpoint.Renew();
            if (endpoint.Failures > _options.EndpointAttempts)
                End(member, LeaveReason.MediaUnavailable);
            else
                _effects.Add(new AddEndpoint(epoch, room, Permissions(member), endpoint.Generation));
        }

        Settle(now);
    }

    /// <summary>The node has no such transport (it was restarted while nobody looked).</summary>
    public void EndpointLost(int epoch, uint number, DateTimeOffset now)
    {
        if (_layouts.Announcement(epoch) is { } layout && _roster.Find(number) is { } member)
            Recover(layout, member, _ => true);
        Settle(now);
    }

    public void NodeReported(MediaNodeId node, IEnumerable<RoomEvent> events, DateTimeOffset now)
    {
        foreach (var roomEvent in events)
        {
            if (_layouts.Announcement(roomEvent.Epoch) is { Room: { } room } layout && room.Node == node)
                Observe(layout, roomEvent);
        }

        Settle(now);
    }

    /// <summary>Time has passed.</summary>
    public void Tick(DateTimeOffset now) => Settle(now);

    private void Observe(LiveLayout layout, RoomEvent roomEvent)
    {
        switch (roomEvent)
        {
            case EndpointConnected connected when layout.Endpoints.TryGetValue(connected.Number, out var endpoint):
                endpoint.Connect();
                _layouts.Trust();
                break;
            case EndpointClosed closed when _roster.Find(closed.Number) is { } member:
                // A consent that ends, or a goodbye, of a transport that never connected is news of its predecessor.
                Recover(layout, member, endpoint => endpoint.Connected
                    || closed.Reason is not (EndpointCloseReason.ConsentExpired or EndpointCloseReason.PeerClosed));
                break;
            case DominantSpeakerChanged speaker when layout == _layouts.Current:
                Dominate(speaker.Number is { } number && _roster.Find(number) is not null ? number : null);
                break;
            case EndpointQuality quality when layout == _layouts.Current && _roster.Find(quality.Number) is { } member:
                _roster.Update(WithQuality(member with { NodeQuality = QualityLevels.Of(quality.LossPercent, quality.JitterMs, quality.RoundTripMs) }));
                break;
        }
    }

    /// <summary>Gives a member another transport in the same layout; when its client is away, later; when it failed too often, never.</summary>
    private void Recover(LiveLayout layout, Member member, Func<SfuEndpoint, bool> failed)
    {
        if (layout.Room is null || !layout.Endpoints.TryGetValue(member.Number, out var endpoint) || endpoint.Offer is null && !endpoint.Answered || !failed(endpoint))
            return;

        if (member.Away)
        {
            endpoint.Break();
            return;
        }

        endpoint.Renew();
        if (endpoint.Failures > _options.EndpointAttempts)
            End(member, LeaveReason.MediaUnavailable);
        else
            _effects.Add(new AddEndpoint(layout.Epoch, layout.Room, Permissions(member), endpoint.Generation));
    }

    private void Arrive(Member member, string gatewayId)
    {
        var back = member with { GatewayId = gatewayId, AwayUntil = null, Line = member.Line with { Away = false } };
        _roster.Update(back);
        foreach (var layout in _layouts.Announced.ToArray())
        {
            if (!layout.Endpoints.TryGetValue(member.Number, out var endpoint))
                continue;
            if (endpoint.Broken)
                Recover(layout, back, _ => true);
            else if (!endpoint.Answered)
                Offer(back, endpoint);
        }
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
        // Who left by himself has told his gateway.
        if (reason != LeaveReason.Left)
            Tell(member, new SessionEnded(member.Session, reason));
        foreach (var layout in _layouts.Announced)
        {
            layout.Ready.Remove(member.Number);
            if (layout.Endpoints.Remove(member.Number) && layout.Room is { } room)
                _effects.Add(new RemoveEndpoint(layout.Epoch, room.Node, member.Number));
        }

        _roster.Remove(member, reason);
        _effects.Add(new EndSession(member.Session));
        if (_dominant == member.Number)
            Dominate(null);
    }

    private void Permit(Member before, Member after)
    {
        _roster.Update(after);
        if (Permissions(before) == Permissions(after))
            return;

        foreach (var layout in _layouts.Announced)
        {
            if (layout.Room is { } room && layout.Endpoints.ContainsKey(after.Number))
                _effects.Add(new UpdateEndpoint(layout.Epoch, room.Node, Permissions(after)));
        }
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
            _rule.Emptied();
            _dominant = null;
        }
        else
        {
            Decide(Count, Region(), now);
            Furnish();
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

    private void Decide(int count, RegionId region, DateTimeOffset now)
    {
        var target = _layouts.Target;
        var carried = target is { Mode: ChannelMode.P2P } or { Room: not null } or { Placing: true };
        var decision = _rule.Decide(Settings.Mode, count, target?.Mode, carried, now);
        if (target is null || decision.Mode != target.Mode)
            _layouts.Open(decision.Mode, decision.Reason, region, elsewhere: false, now, _effects);
        else if (_rule.WaitsForNode(now))
            return;
        else if (_layouts.NeedsAnother)
            _layouts.Open(ChannelMode.Sfu, ModeReason.NodeLost, region, elsewhere: true, now, _effects);
        else
            _layouts.PlaceAgain(region, _effects);
    }

    /// <summary>Every member has a transport in every room that it is part of.</summary>
    private void Furnish()
    {
        foreach (var layout in _layouts.Announced)
        {
            if (layout.Room is null)
                continue;

            foreach (var member in _roster.Members)
            {
                if (member.Line.SinceEpoch <= layout.Epoch && layout.Endpoints.TryAdd(member.Number, new SfuEndpoint()))
                    _effects.Add(new AddEndpoint(layout.Epoch, layout.Room, Permissions(member), Generation: 0));
            }
        }
    }

    private void Committed()
    {
        Dominate(null);
        foreach (var member in _roster.Members.Where(member => member.NodeQuality != ConnectionQuality.Unknown).ToArray())
            _roster.Update(WithQuality(member with { NodeQuality = ConnectionQuality.Unknown }));
    }

    private void Dominate(uint? number)
    {
        if (_dominant == number)
            return;

        _dominant = number;
        _effects.Add(new TellAll(new SpeakersChanged(number)));
    }

    private void Flush(DateTimeOffset now)
    {
        if (!_roster.HasChanges)
            return;

        if (Count > _options.RosterBatchAbove && (_flushAt ??= now + _options.RosterBatchInterval) > now)
            return;

        _effects.Add(new TellAll(FlushNow()!));
    }

    /// <summary>A layout is announced to people who know the roster, so a batch does not wait behind it.</summary>
    private void FlushBeforeLayouts(int from)
    {
        var index = _effects.FindIndex(from, effect => effect is TellAll { Event: LayoutOpened or LayoutCommitted });
        if (index >= 0 && _roster.HasChanges)
            _effects.Insert(index, new TellAll(FlushNow()!));
    }

    private RosterChanged? FlushNow()
    {
        _flushAt = null;
        return _roster.Flush();
    }

    private void Offer(Member member, SfuEndpoint endpoint)
    {
        if (endpoint.Offer is { } offer)
            Tell(member, new SfuOffered(member.Session, offer));
    }

    /// <summary>An away member has no gateway; it hears what matters when it comes back.</summary>
    private void Tell(Member member, ChannelEvent channelEvent)
    {
        if (member.GatewayId is { } gateway)
            _effects.Add(new TellOne(gateway, channelEvent));
    }

    private SfuEndpoint? Endpoint(int epoch, uint number) => _layouts.Announcement(epoch)?.Endpoints.GetValueOrDefault(number);

    private static EndpointPermissions Permissions(Member member) => new(member.Number, member.CanSpeak, member.CanListen);

    private static Member WithQuality(Member member) =>
        member with { Line = member.Line with { Quality = QualityLevels.Worse(member.ClientQuality, member.NodeQuality) } };

    /// <summary>The region that most members are in; of equals, the one that was there first.</summary>
    private RegionId Region() => _roster.Members.GroupBy(member => member.Region).MaxBy(region => region.Count())?.Key ?? default;

    private Member Returned(Member member, DateTimeOffset now) =>
        member with { GatewayId = null, AwayUntil = now + _options.ResumeWindow, Line = member.Line with { Away = true } };

    /// <summary>Everyone is away until a gateway or a client says otherwise, and media goes on as it was: a room is asked for who is still in it.</summary>
    private void Restore(ChannelCheckpoint checkpoint, DateTimeOffset now)
    {
        _layouts.Restore(Revive(checkpoint.Layout, checkpoint), checkpoint.Pending is { } pending ? Revive(pending, checkpoint) : null, now);
        Settle(now);
    }

    private LiveLayout Revive(Layout layout, ChannelCheckpoint checkpoint)
    {
        var live = new LiveLayout(layout);
        if (checkpoint.Rooms.FirstOrDefault(room => room.Epoch == layout.Epoch) is { } room)
        {
            live.Furnish(new Room(room.Node, room.Region));
            var inside = _roster.Members.Where(member => member.Line.SinceEpoch <= layout.Epoch).ToArray();
            foreach (var member in inside)
                live.Endpoints.Add(member.Number, SfuEndpoint.Restored());
            _effects.Add(new VerifyRoom(layout.Epoch, room.Node, [.. inside.Select(Permissions)]));
        }

        return live;
    }
}
