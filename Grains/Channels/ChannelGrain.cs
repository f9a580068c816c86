using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Identities;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels.Members;
using Hype.Grains.Channels.Publishing;
using Hype.Grains.Channels.Rooms;
using Hype.Grains.Diagnostics;
using Hype.Grains.Placement;
using Hype.Grains.Storage;
using Hype.Grains.Webhooks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Storage;

namespace Hype.Grains.Channels;

/// <summary>
/// A channel in the world: each request is one synchronous step of <see cref="ChannelMachine"/>, whose effects are then carried
/// out. Reentrant, because a step never awaits: so nobody waits while an answer of someone else travels to a node or a
/// setting to the disk, and the steps themselves cannot interleave.
/// </summary>
[Reentrant, RegionPlacement]
internal sealed partial class ChannelGrain(
    [PersistentState(ChannelState.StorageName)] IPersistentState<ChannelState> state,
    IOptions<ChannelOptions> options,
    WebhookReceivers receivers,
    TimeProvider time,
    GrainMetrics metrics,
    ILogger<ChannelGrain> logger) : Grain, IChannelGrain
{
    private const int MaxAttributes = 16;
    private const int MaxAttributeKey = 64;
    private const int MaxAttributeValue = 256;

    private readonly StateStore<ChannelState> _store = new(state);

    private readonly JoinQueue _arrivals = new();
    private readonly ChannelOptions _options = options.Value;
    private readonly ILogger<ChannelGrain> _logger = logger;

    private ChannelId _channel;
    private ChannelMachine _machine = null!;
    private GatewayFanout _gateways = null!;
    private BackgroundWork _errands = null!;
    private NodeOrders _rooms = null!;
    private EffectRunner _orders = null!;
    private IGrainTimer _deadline = null!;
    private IGrainTimer _checkpoint = null!;
    private readonly CancellationTokenSource _gone = new();
    private bool _checkpointDue;
    private ChannelSummary? _listed;
    private ChannelHistory _history = null!;
    private WebhookFeed _webhooks = null!;
    private readonly LayoutTrace _trace = new();
    private TaskCompletionSource _somethingNew = NewSignal();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _channel = ChannelId.Parse(this.GetPrimaryKeyString());
        var checkpoint = _store.State.Checkpoint;
        var incarnation = Math.Max(Now.ToUnixTimeMilliseconds(), (checkpoint?.Incarnation ?? 0) + 1);
        _gateways = new GatewayFanout(_channel, incarnation);
        _errands = new BackgroundWork(_channel, _logger);
        _rooms = new NodeOrders(_channel, GrainFactory, _options);
        _deadline = this.RegisterGrainTimer(TickAsync, new() { DueTime = Timeout.InfiniteTimeSpan, Period = Timeout.InfiniteTimeSpan, Interleave = true, KeepAlive = true });
        _checkpoint = this.RegisterGrainTimer(SaveCheckpointAsync, new() { DueTime = Timeout.InfiniteTimeSpan, Period = Timeout.InfiniteTimeSpan, Interleave = true, KeepAlive = true });
        this.RegisterGrainTimer(RenewAsync, new() { DueTime = _options.IndexRenewal, Period = _options.IndexRenewal, Interleave = true });

        _machine = new ChannelMachine(_channel, _options, _store.State.Settings, incarnation, Now, checkpoint);
        _orders = new EffectRunner(_channel, _machine, _rooms, _errands, metrics, time, CarryOut, _logger, _gone.Token);
        _history = new ChannelHistory(checkpoint?.NewsLimit ?? 0, _machine.Snapshot().Participants, checkpoint?.Rooms ?? []);
        _webhooks = new WebhookFeed(_channel, receivers, GrainFactory, CheckpointSoon, time, metrics, _logger, _gone.Token);
        _webhooks.Restore(checkpoint?.Untold ?? [], checkpoint?.Members.IsEmpty);
        // Settings are stored before anybody is told: the last life may have ended in between.
        if ((checkpoint is null ? ChannelSettings.Default : checkpoint.Settings) is { } told && told != _store.State.Settings)
            Tell([_history.Record(_store.State.Settings, Now)]);
        LogActivated(_channel, incarnation, _machine.Count);
        CarryOut();
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _gone.CancelAsync();
        metrics.IsNotHere(this);
        _trace.Dispose();
        if (_checkpointDue)
            await SaveCheckpointAsync(cancellationToken);
        await _webhooks.FlushAsync(cancellationToken);
        // Without what was handed over, or the next life would do so again.
        if (_checkpointDue)
            await SaveCheckpointAsync(cancellationToken);
    }

    public async Task<JoinResult> Join(JoinRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var session = SessionId.New();
        if (await _arrivals.AskAsync(request.Identity, session, () => Identity(request.Identity).Enter(_channel, session, request.TokenIssuedAt)) != VoiceError.None)
        {
            metrics.Joined(VoiceError.Revoked);
            return JoinResult.Failed(VoiceError.Revoked);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var (token, hash) = ResumeToken.Create(session);
        var (error, member) = _store.State.Bans.Forbid(request.Identity, Now)
            ? (VoiceError.Banned, null)
            : _machine.Join(
                new Admission(
                    session, hash, request.Identity, request.Name, request.Grants, request.Gateway.GatewayId,
                    request.Region ?? request.Gateway.Region, request.Muted, request.Deafened, request.TokenIssuedAt),
                Now);
        metrics.Joined(error);
        if (member is null)
        {
            CarryOut();
            _errands.Start(() => Identity(request.Identity).Left(_channel, session), "tell an identity that its session did not begin");
            return JoinResult.Failed(error);
        }

        LogJoined(_channel, session, member.Number, request.Gateway.GatewayId, _machine.Count);
        _gateways.Listen(request.Gateway);
        CarryOut();
        var snapshot = Snapshot();
        try
        {
            // Before the newcomer hears of the others and offers to them: their answers must find it.
            await Participant(session).Attach(_channel, member.Number, request.Gateway);
        }
        catch
        {
            // Nobody will ever know this seat.
            _machine.Leave(session, LeaveReason.Left, Now);
            CarryOut();
            throw;
        }

        return new JoinResult { Session = session, Number = member.Number, ResumeToken = token, Snapshot = snapshot };
    }

    public async Task<JoinResult> Resume(ResumeRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!ResumeToken.TryParse(request.ResumeToken, out var session, out var hash))
            return JoinResult.Failed(VoiceError.SessionExpired);

        var (error, member) = _machine.Resume(session, hash, request.Gateway.GatewayId, Now);
        if (member is not null)
            _gateways.Listen(request.Gateway);
        CarryOut();
        if (member is null)
            return JoinResult.Failed(error);

        var snapshot = Snapshot();
        _errands.Start(() => RenewIdentityAsync(member), "tell an identity of its session");
        await Participant(session).Attach(_channel, member.Number, request.Gateway);
        return new JoinResult { Session = session, Number = member.Number, ResumeToken = request.ResumeToken, Snapshot = snapshot };
    }

    public Task<ChannelSnapshot> Attach(GatewayRef gateway, SessionId[] sessions)
    {
        _gateways.Restart(gateway);
        _machine.Attach(gateway.GatewayId, sessions, Now);
        CarryOut();
        foreach (var member in sessions.Select(_machine.Find).OfType<Member>())
        {
            _errands.Start(() => Participant(member.Session).Attach(_channel, member.Number, gateway), "hand a session to its gateway");
            _errands.Start(() => RenewIdentityAsync(member), "tell an identity of its session");
        }

        return Task.FromResult(Snapshot());
    }

    public Task Detach(SessionId session, string gatewayId)
    {
        _machine.Detach(session, gatewayId, Now);
        if (_machine.Find(session) is not null)
            _errands.Start(() => Participant(session).Detach(gatewayId), "tell a session that its socket is gone");
        return CarriedOut();
    }

    public Task Leave(SessionId session, LeaveReason reason)
    {
        _arrivals.End(session);
        _machine.Leave(session, reason, Now);
        return CarriedOut();
    }

    public Task SetState(SessionId session, bool muted, bool deafened)
    {
        _machine.SetState(session, muted, deafened, Now);
        return CarriedOut();
    }

    public Task SetQuality(SessionId session, ConnectionQuality quality)
    {
        _machine.SetQuality(session, quality, Now);
        return CarriedOut();
    }

    public Task Ready(SessionId session, LayoutEpoch epoch)
    {
        _machine.Ready(session, epoch, Now);
        return CarriedOut();
    }

    public async Task<VoiceError> Answer(SessionId session, SfuAnswer answer)
    {
        var error = _machine.Answered(session, answer.Epoch);
        if (error != VoiceError.None || _machine.RoomOf(session, answer.Epoch) is not { } room)
            return error == VoiceError.None ? VoiceError.StaleEpoch : error;

        var number = _machine.Find(session)!.Number;
        error = await _rooms.AcceptAnswer(room, number, answer);
        if (error != VoiceError.None)
        {
            // Without the fingerprint the node drops all that the client believes it sends: another transport, not 30 s of silence.
            _machine.EndpointLost(answer.Epoch, number, Now);
            CarryOut();
        }
        return error;
    }

    public Task ConnectionFailed(SessionId session, LayoutEpoch epoch, MemberNumber? peer)
    {
        _machine.ConnectionFailed(session, epoch, peer, Now);
        return CarriedOut();
    }

    public Task LookAfter() => Task.CompletedTask;

    public Task<ChannelSnapshot> GetSnapshot() => Task.FromResult(Snapshot());

    public async Task<ChannelReading> ReadNews(long? after)
    {
        if (after == _history.LastNumber)
            await Task.WhenAny(_somethingNew.Task, Task.Delay(IChannelGrain.NewsPatience, time));
        return _history.Read(after, Snapshot);
    }

    public async Task<ChannelExplanation> Explain()
    {
        var explanation = _machine.Explain();
        var rooms = await Task.WhenAll(explanation.Rooms.Select(ListenAsync));
        return explanation with { Snapshot = Snapshot(), Rooms = [.. rooms], History = _history.Structure };

        async Task<RoomExplanation> ListenAsync(RoomExplanation room)
        {
            try
            {
                return room with { Reason = _rooms.ReasonFor(room.Room.Epoch), Slots = (await _rooms.List(room.Room.Node, room.Room.Epoch)).Slots };
            }
            catch (Exception exception)
            {
                // The rest is known without it.
                _errands.Failed(exception, "ask a node who is heard");
                return room;
            }
        }
    }

    public async Task<VoiceError> Create(ChannelSettings settings, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!settings.IsSound())
            return VoiceError.InvalidSettings;
        if (_store.State.CreatedAt is not null)
            return VoiceError.ChannelExists;

        var created = await ChangeAsync(state => (state.CreatedAt, state.Settings) = (Now, settings));
        if (created == VoiceError.None)
            await Index.Keep(_channel, created: true);
        return created;
    }

    public async Task<VoiceError> Close(bool forget, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (forget)
        {
            var forgotten = await ChangeAsync(state => (state.CreatedAt, state.Settings, state.Bans) = (null, ChannelSettings.Default, []));
            if (forgotten != VoiceError.None)
                return forgotten;
            await Index.Keep(_channel, created: false);
        }

        _machine.Close(Now);
        CarryOut();
        return VoiceError.None;
    }

    public async Task<VoiceError> Move(MemberNumber number, ChannelId to)
    {
        if (to == _channel)
            return VoiceError.InvalidChannel;
        if (_machine.Find(number) is not { } member)
            return VoiceError.UnknownParticipant;
        if (_gateways.Find(member.GatewayId) is not { } gateway)
            return VoiceError.Unavailable;

        var other = GrainFactory.GetGrain<IChannelGrain>(to.Value);
        var line = member.Line;
        var seat = await other.Join(new JoinRequest
        {
            Identity = line.Identity,
            Name = line.Name,
            Grants = line.Grants,
            Gateway = gateway,
            Muted = line.Muted,
            Deafened = line.Deafened,
            Region = member.Region,
            TokenIssuedAt = member.TokenIssuedAt,
        });
        if (seat.Error != VoiceError.None)
            return seat.Error;

        if (line.ServerMuted)
            await other.SetServerMute(seat.Number, true);
        var moved = _machine.Transfer(member.Session, to, seat, Now);
        CarryOut();
        if (moved)
            return VoiceError.None;

        // It left while its seat was being taken.
        await other.Leave(seat.Session, LeaveReason.Left);
        return VoiceError.UnknownParticipant;
    }

    public Task<VoiceError> SetGrants(MemberNumber number, Grants grants)
    {
        var error = _machine.SetGrants(number, grants, Now);
        CarryOut();
        return Task.FromResult(error);
    }

    public Task<VoiceError> SetAttributes(MemberNumber number, ImmutableSortedDictionary<string, string> attributes)
    {
        var error = attributes.Count > MaxAttributes || attributes.Any(attribute => attribute is not { Key.Length: >= 1 and <= MaxAttributeKey, Value.Length: <= MaxAttributeValue })
            ? VoiceError.InvalidAttributes
            : _machine.SetAttributes(number, attributes, Now);
        CarryOut();
        return Task.FromResult(error);
    }

    public async Task<VoiceError> UpdateSettings(ChannelSettings settings, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return settings.IsSound() ? await ChangeAsync(state => state.Settings = settings) : VoiceError.InvalidSettings;
    }

    public Task<VoiceError> RequestLayout(ChannelMode mode, ModeReason reason)
    {
        var error = _machine.RequestLayout(mode, reason, Now);
        CarryOut();
        return Task.FromResult(error);
    }

    public Task<VoiceError> SetServerMute(MemberNumber number, bool muted)
    {
        var error = _machine.SetServerMute(number, muted, Now);
        CarryOut();
        return Task.FromResult(error);
    }

    public Task<VoiceError> Kick(MemberNumber number)
    {
        if (_machine.Find(number) is not { } member)
            return Task.FromResult(VoiceError.UnknownParticipant);

        _machine.Leave(member.Session, LeaveReason.Kicked, Now);
        CarryOut();
        return Task.FromResult(VoiceError.None);
    }

    public async Task<VoiceError> SetBan(Ban ban, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var error = await ChangeAsync(state => state.Bans = state.Bans.With(ban, Now));
        if (error == VoiceError.None && _machine.FindIdentity(ban.Identity) is { } member && ban.Holds(Now))
        {
            _machine.Leave(member.Session, LeaveReason.Banned, Now);
            CarryOut();
        }

        return error;
    }

    public Task<VoiceError> LiftBan(string identity, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ChangeAsync(state => state.Bans = state.Bans.Without(identity, Now));
    }

    public Task<Ban[]> GetBans() => Task.FromResult(_store.State.Bans.Where(ban => ban.Holds(Now)).ToArray());

    public Task NodeReported(MediaNodeId node, RoomEvent[] events)
    {
        _machine.NodeReported(node, events, Now);
        return CarriedOut();
    }

    public Task NodeLost(MediaNodeId node, DateTimeOffset lastHeard, DateTimeOffset heardSince)
    {
        _machine.NodeLost(node, lastHeard, heardSince, Now);
        return CarriedOut();
    }

    public Task NodeDraining(MediaNodeId node)
    {
        _machine.NodeDraining(node, Now);
        return CarriedOut();
    }

    public Task RoomsFound(MediaNodeId node, RoomEpoch[] epochs)
    {
        _machine.RoomsFound(node, epochs, Now);
        return CarriedOut();
    }

    private DateTimeOffset Now => time.GetUtcNow();

    private ISessionMailboxGrain Participant(SessionId session) => GrainFactory.GetGrain<ISessionMailboxGrain>(session.Value);

    private IIdentityGrain Identity(string identity) => GrainFactory.GetGrain<IIdentityGrain>(identity);

    /// <summary>The identity's grain may have been lost with its silo, and a revocation have missed this session.</summary>
    private async Task RenewIdentityAsync(Member member)
    {
        if (await Identity(member.Line.Identity).Enter(_channel, member.Session, member.TokenIssuedAt) != VoiceError.Revoked)
            return;

        _machine.Leave(member.Session, LeaveReason.Revoked, Now);
        CarryOut();
    }

    private Task TickAsync(CancellationToken cancellationToken)
    {
        _machine.Tick(Now);
        return CarriedOut();
    }

    private Task CarriedOut()
    {
        CarryOut();
        return Task.CompletedTask;
    }

    /// <summary>The end of every step: tell the gateways, start what takes time, and remember.</summary>
    private void CarryOut()
    {
        var effects = _machine.TakeEffects();
        var before = _trace.Enter(effects, _machine.Current.Epoch);
        foreach (var (id, observer, batch) in _gateways.Batch(effects))
            _ = TellAsync(id, observer, batch);
        _gateways.Keep(_machine.Gateways);
        foreach (var effect in effects)
            CarryOut(effect);
        LayoutTrace.Leave(before);
        // A last step may come after the end, and would be counted for ever.
        if (!_gone.IsCancellationRequested)
            metrics.IsHere(this, _machine.Summary);
        Tell(_history.Record(effects, _machine.Rooms, Now));

        // Quality and speakers come and go; what must survive is small, and one write per interval holds all of it.
        if (effects.Any(effect => effect is PublishToAll { Event: not SpeakersChanged }))
            CheckpointSoon();
        if (_listed != _machine.Summary && (_listed is not null || _machine.Count > 0))
            List();
        Arm();
    }

    private void CarryOut(ChannelEffect effect)
    {
        switch (effect)
        {
            case Moved moved:
                metrics.Moved(moved.Way, moved.Took);
                break;
            case EndSession end:
                metrics.Left(end.Reason);
                LogLeft(_channel, end.Session, end.Reason);
                _errands.Start(() => Participant(end.Session).End(), "end a session");
                _errands.Start(() => Identity(end.Identity).Left(_channel, end.Session), "tell an identity that its session is over");
                break;
            case Switched switched:
                metrics.Switched(switched.Layout, switched.Took);
                _trace.Committed(switched.Layout);
                LogSwitched(_channel, switched.Layout.Epoch, switched.Layout.Mode, switched.Layout.Reason, switched.Took);
                break;
            default:
                _orders.Give(effect);
                break;
        }
    }

    private async Task TellAsync(string gatewayId, IGatewayObserver observer, ChannelEventBatch batch)
    {
        try
        {
            await observer.ChannelChanged(batch);
        }
        catch (Exception exception)
        {
            LogGatewayLost(exception, gatewayId, _channel);
            _gateways.Drop(gatewayId);
            _machine.GatewayLost(gatewayId, Now);
            CarryOut();
        }
    }

    private void Arm()
    {
        var due = _machine.NextDeadline is { } deadline ? deadline - Now : Timeout.InfiniteTimeSpan;
        // Rounded up: a timer that fires early finds nothing due and comes again at once.
        _deadline.Change(due == Timeout.InfiniteTimeSpan ? due : TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(due.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
    }

    /// <summary>The list and the nodes know this channel as soft state: whoever forgot it (a moved grain) knows it again after one renewal.</summary>
    private Task RenewAsync(CancellationToken cancellationToken)
    {
        if (_machine.Count == 0)
            return Task.CompletedTask;

        DelayDeactivation(_options.IndexRenewal * 3);
        List();
        foreach (var room in _machine.Snapshot().Rooms)
            _orders.Renew(room);
        return Task.CompletedTask;
    }

    private void List()
    {
        var summary = _listed = _machine.Summary;
        _errands.Start(() => Index.Report(summary), "renew its line in the list of channels");
    }

    private void CheckpointSoon()
    {
        if (_checkpointDue)
            return;

        _checkpointDue = true;
        _checkpoint.Change(_options.CheckpointInterval, Timeout.InfiniteTimeSpan);
    }

    private async Task SaveCheckpointAsync(CancellationToken cancellationToken)
    {
        _machine.TellRoster();
        CarryOut();
        _checkpointDue = false;
        var checkpoint = _machine.Checkpoint() with { NewsLimit = _history.LastNumber + ChannelCheckpoint.NewsReserve, Untold = _webhooks.Untold };
        _store.State.Checkpoint = checkpoint;
        if (await TryStoreAsync())
            _webhooks.Stored(checkpoint.Untold, checkpoint.Members.IsEmpty);
        else
            CheckpointSoon();
    }

    /// <summary>Stores first, then acts: what is acknowledged is stored, and what could not be stored is as it was.</summary>
    private async Task<VoiceError> ChangeAsync(Action<ChannelState> change)
    {
        var state = _store.State;
        var before = (state.Settings, state.Bans, state.CreatedAt);
        change(state);
        if (!await TryStoreAsync())
        {
            (state.Settings, state.Bans, state.CreatedAt) = before;
            return VoiceError.Unavailable;
        }

        if (_machine.Settings != state.Settings)
        {
            _machine.UpdateSettings(state.Settings, Now);
            Tell([_history.Record(state.Settings, Now)]);
            CarryOut();
        }

        return VoiceError.None;
    }

    private ChannelSnapshot Snapshot() => _machine.Snapshot() with { CreatedAt = _store.State.CreatedAt, News = _history.LastNumber };

    private IChannelIndexGrain Index => GrainFactory.GetGrain<IChannelIndexGrain>(IChannelIndexGrain.ShardOf(_channel));

    private void Tell(IReadOnlyCollection<ChannelNews> news)
    {
        if (news.Count == 0)
            return;

        _webhooks.Tell(news);
        CheckpointSoon();
        var waited = _somethingNew;
        _somethingNew = NewSignal();
        waited.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<bool> TryStoreAsync()
    {
        try
        {
            await _store.SaveAsync();
            return true;
        }
        catch (InconsistentStateException exception)
        {
            // Another activation has written: this one is a ghost, and must not go on deciding.
            LogNotStored(exception, _channel);
            DeactivateOnIdle();
            return false;
        }
        catch (Exception exception)
        {
            LogNotStored(exception, _channel);
            return false;
        }
    }
}
