using System.Collections.Immutable;
using Hype.Grains.Abstractions.Calls;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Inputs;
using Hype.Grains.Channels.Members;
using Hype.Grains.Channels.Options;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Channels.Publishing;
using Hype.Grains.Channels.Timing;
using Hype.Grains.Diagnostics;
using Hype.Grains.Gateways;
using Hype.Grains.MediaNodes;
using Hype.Grains.Placement;
using Hype.Grains.Storage;
using Hype.Grains.Timing;
using Hype.Grains.Webhooks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Hype.Grains.Channels;

/// <summary>
/// The grain of a channel. Each request becomes one synchronous step of <see cref="ChannelMachine"/>, and then the grain carries out the
/// effects of the step. The grain is reentrant, so that no request waits for the node orders or storage writes of another one. Steps
/// cannot interleave, because a step never awaits.
/// </summary>
[Reentrant, RegionPlacement]
internal sealed partial class ChannelGrain(
    [PersistentState(ChannelState.StorageName)] IPersistentState<ChannelState> state,
    IOptions<ChannelOptions> options,
    WebhookReceivers receivers,
    GatewayLeases leases,
    TimeProvider time,
    GrainMetrics metrics,
    ILogger<ChannelGrain> logger) : Grain, IChannelGrain
{
    private readonly ChannelOptions _options = options.Value;
    private readonly ILogger<ChannelGrain> _logger = logger;
    private readonly CancellationTokenSource _deactivated = new();
    private readonly SteadyClock _clock = new(time);

    private ChannelId _channel;
    private ChannelMachine _machine = null!;
    private ChannelStore _store = null!;
    private ChannelFence _fence = null!;
    private SessionDirectory _sessions = null!;
    private GatewayFanout _gateways = null!;
    private NewsFeed _news = null!;
    private WebhookFeed _webhooks = null!;
    private NodeOrders _nodes = null!;
    private ChannelExplainer _explainer = null!;
    private EffectDispatcher _effects = null!;
    private IndexEntry _index = null!;
    private DeadlineTimer _deadline = null!;

    /// <summary>The wall-clock time, for bans and for times that people read; deadlines use <see cref="_clock"/>.</summary>
    private DateTimeOffset Now => time.GetUtcNow();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _channel = ChannelId.Parse(this.GetPrimaryKeyString());
        var checkpoint = state.State.Checkpoint;
        var incarnation = Math.Max(Now.ToUnixTimeMilliseconds(), (checkpoint?.Incarnation ?? 0) + 1);
        var tick = this.RegisterGrainTimer(_ => RunAsync(new Tick()), DeadlineTimer.Disarmed);
        var save = this.RegisterGrainTimer(() => _store.CheckpointDue ? _store.SaveAsync() : Task.CompletedTask, DeadlineTimer.Disarmed);
        this.RegisterGrainTimer(RenewAsync, new() { DueTime = _options.IndexRenewal, Period = _options.IndexRenewal, Interleave = true });

        var settings = checkpoint?.Settings ?? ChannelSettings.Default;
        _machine = new ChannelMachine(_channel, _options, settings, incarnation, _clock.Now, checkpoint);
        _deadline = new DeadlineTimer(tick, _clock);
        var work = new BackgroundWork(_channel, _logger);
        _index = new IndexEntry(_channel, incarnation, GrainFactory, work);
        _store = new ChannelStore(
            _channel, state, save, _options.CheckpointInterval, TakeCheckpoint, OnStored, ApplySettings, _index.SetCreatedAsync,
            DeactivateOnIdle, _logger);
        _fence = new ChannelFence(async () => await _store.SaveAsync() == SaveResult.Stored);
        _sessions = new SessionDirectory(
            _channel, incarnation, GrainFactory, work, session => Run(new Leave(session, LeaveReason.Revoked)), time, _deactivated.Token);
        _gateways = new GatewayFanout(_channel, incarnation, leases);
        _webhooks = new WebhookFeed(_channel, receivers, GrainFactory, _store.CheckpointSoon, time, metrics, _logger, _deactivated.Token);
        _webhooks.Restore(checkpoint?.Unsent ?? [], checkpoint?.Members.IsEmpty);
        var history = new ChannelHistory(checkpoint?.NewsLimit ?? 0, _machine.Snapshot().Participants, checkpoint?.Rooms ?? []);
        _news = new NewsFeed(history, _webhooks, _store.CheckpointSoon, time);
        _nodes = new NodeOrders(_channel, GrainFactory, _options);
        _explainer = new ChannelExplainer(_nodes, work);
        var runner = new EffectRunner(
            _channel, _nodes, _machine.WantedOrders, answer => Run(answer), work, metrics, time, _logger, _deactivated.Token);
        _effects = new EffectDispatcher(_channel, _gateways, runner, _sessions, metrics, _logger);

        LogActivated(_channel, incarnation, _machine.Count);
        // Settings are stored before they are published: the previous activation may have ended in between.
        ApplySettings();
        Run(new Tick());
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // The last step: its changes are published before they are stored.
        Run(new PublishRoster());
        await _deactivated.CancelAsync();
        metrics.ChannelGone(this);
        _gateways.Clear();
        _effects.Dispose();
        if (_store.NeedsSave)
            await _store.SaveAsync();
        await _webhooks.FlushAsync(cancellationToken);
        // Saved again without the events that the outboxes have stored meanwhile, or the next activation would send them again.
        if (_store.NeedsSave)
            await _store.SaveAsync();
    }

    // Sessions

    public async Task<JoinResult> Join(JoinRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!await _fence.TakeAsync())
            return Refused(VoiceError.Unavailable);
        var (session, age) = (request.Session, CallAttempt.Age);
        if (await _sessions.EnterAsync(request.Identity, session, request.TokenIssuedAt) != VoiceError.None)
            return Refused(VoiceError.Revoked);
        cancellationToken.ThrowIfCancellationRequested();
        var (token, hash) = ResumeToken.Create(session);
        var restriction = _store.RestrictionOf(request.Identity) | request.Restriction;
        var (error, member) = _store.IsBanned(request.Identity, Now)
            ? (VoiceError.Banned, null)
            : Run(new Join(Admission.Of(request, hash, restriction, age)), request.Gateway);
        if (member is null)
        {
            _sessions.Refuse(request.Identity, session);
            return Refused(error);
        }

        // A member that moves here brings its restriction along; the checkpoint with the member contains both.
        _store.Restrict(request.Identity, restriction);

        metrics.Joined(VoiceError.None);
        LogJoined(_channel, session, member.Number, request.Gateway.GatewayId, _machine.Count);
        var snapshot = Snapshot();
        try
        {
            // Before the client receives the snapshot and sends offers to the others: their answers must find the mailbox.
            await _sessions.AttachAsync(member, request.Gateway);
        }
        catch
        {
            // No client will ever receive this seat.
            Run(new Leave(session, LeaveReason.Left));
            throw;
        }

        return new JoinResult { Session = session, Number = member.Number, ResumeToken = token, Snapshot = snapshot };

        JoinResult Refused(VoiceError reason)
        {
            metrics.Joined(reason);
            return JoinResult.Failed(reason);
        }
    }

    public async Task<JoinResult> Resume(ResumeRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!ResumeToken.TryParse(request.ResumeToken, out var session, out var hash))
            return JoinResult.Failed(VoiceError.SessionExpired);
        if (!await _fence.TakeAsync())
            return JoinResult.Failed(VoiceError.Unavailable);
        var (token, nextHash) = ResumeToken.Create(session);
        var (error, member) = Run(new Resume(session, hash, nextHash, request.Gateway.GatewayId), request.Gateway);
        if (member is null)
            return JoinResult.Failed(error);
        var snapshot = Snapshot();
        _sessions.Renew(member);
        await _sessions.AttachAsync(member, request.Gateway);
        return new JoinResult { Session = session, Number = member.Number, ResumeToken = token, Snapshot = snapshot };
    }

    public Task<ChannelSnapshot> Attach(GatewayRef gateway, SessionId[] sessions)
    {
        _gateways.Restart(gateway);
        Run(new Attach(gateway.GatewayId, [.. sessions]));
        _sessions.Attach(sessions.Select(_machine.Find).OfType<Member>(), gateway);
        return Task.FromResult(Snapshot());
    }

    public Task Detach(SessionId session, string gatewayId) => RunAsync(new Detach(session, gatewayId));

    public Task GatewayLost(string gatewayId) => RunAsync(new GatewayLost(gatewayId));

    public Task Leave(SessionId session, LeaveReason reason)
    {
        _sessions.CancelJoin(session);
        return RunAsync(new Leave(session, reason));
    }

    public Task SetState(SessionId session, bool muted, bool deafened) => RunAsync(new SetState(session, muted, deafened));

    public Task SetQuality(SessionId session, ConnectionQuality quality) => RunAsync(new SetQuality(session, quality));

    public Task Ready(SessionId session, LayoutEpoch epoch) => RunAsync(new Ready(session, epoch));

    public Task ConnectionFailed(SessionId session, LayoutEpoch epoch, MemberNumber? peer) =>
        RunAsync(new ConnectionFailed(session, epoch, peer));

    public async Task<VoiceError> Answer(SessionId session, SfuAnswer answer)
    {
        var (error, _) = Run(new Answered(session, answer.Epoch));
        if (error != VoiceError.None)
            return error;
        if (_machine.RoomOf(session, answer.Epoch) is not { } room || _machine.Find(session) is not { Number: var number })
            return VoiceError.StaleEpoch;
        var accepted = await _nodes.ExecuteAsync(new AcceptAnswer(room, number, answer));
        if (accepted.Outcome != NodeOutcome.Done)
            Run(accepted);
        return NodeOutcomes.ErrorFor(accepted.Outcome);
    }

    // Moderation and the control API

    public Task<ModerationResult> SetServerMute(MemberNumber number, bool muted) => ModerateAsync(
        number, _ => new SetServerMute(number, muted), (_, restriction) => restriction with { ServerMuted = muted });

    public Task<ModerationResult> SetGrants(MemberNumber number, Grants grants) => ModerateAsync(
        number,
        _ => new SetGrants(number, grants),
        (member, restriction) => restriction.WithGrants(member.Participant.Grants, grants));

    public Task<VoiceError> SetAttributes(MemberNumber number, ImmutableSortedDictionary<string, string> attributes) =>
        ParticipantAttributes.AreValid(attributes)
            ? RunAsync(new SetAttributes(number, attributes))
            : Task.FromResult(VoiceError.InvalidAttributes);

    public Task<ModerationResult> Kick(MemberNumber number) =>
        ModerateAsync(number, member => new Leave(member.Session, LeaveReason.Kicked));

    public async Task<VoiceError> Move(MemberNumber number, ChannelId to)
    {
        if (to == _channel)
            return VoiceError.InvalidChannel;
        if (_machine.Find(number) is not { } member)
            return VoiceError.UnknownParticipant;
        if (_gateways.Find(member.GatewayId) is not { } gateway)
            return VoiceError.Unavailable;
        var restriction = _store.RestrictionOf(member.Participant.Identity);
        return await _sessions.MoveAsync(member, restriction, gateway, to, seat =>
            // A moderator's order that arrived during the move is not in effect in the other channel.
            _store.RestrictionOf(member.Participant.Identity) == restriction
                ? Run(new Transfer(member.Session, to, seat)).Error
                : VoiceError.Unavailable);
    }

    public Task<VoiceError> RequestLayout(ChannelMode mode, ModeReason reason) => RunAsync(new RequestLayout(mode, reason));

    public async Task<VoiceError> Create(ChannelSettings settings, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _machine.Check(settings) is not VoiceError.None and var error ? error : await _store.CreateAsync(settings, Now);
    }

    public async Task<VoiceError> UpdateSettings(ChannelSettings settings, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _machine.Check(settings) is not VoiceError.None and var error ? error : await _store.UpdateSettingsAsync(settings);
    }

    public async Task<VoiceError> Close(bool forget, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (forget && await _store.ForgetAsync() is not VoiceError.None and var error)
            return error;
        return Run(new Close()).Error;
    }

    public async Task<ModerationResult> SetBan(Ban ban, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _store.SetBan(ban, Now);
        if (_machine.FindIdentity(ban.Identity) is { } member && ban.Holds(Now))
            Run(new Leave(member.Session, LeaveReason.Banned));
        return await StoreOrderAsync();
    }

    public async Task<ModerationResult> LiftBan(string identity, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_store.IsBanned(identity, Now))
            return ModerationResult.Refused(VoiceError.UnknownBan);
        _store.LiftBan(identity, Now);
        return await StoreOrderAsync();
    }

    public Task<Ban[]> GetBans() => Task.FromResult(_store.GetBans(Now));

    // Media nodes

    public Task NodeReported(MediaNodeId node, RoomEvent[] events) => RunAsync(new NodeReported(node, [.. events]));

    public Task NodeLost(MediaNodeId node, TimeSpan silentFor, TimeSpan ackedFor) => RunAsync(new NodeLost(node, silentFor, ackedFor));

    public Task NodeDraining(MediaNodeId node) => RunAsync(new NodeDraining(node));

    public Task RoomsFound(MediaNodeId node, RoomEpoch[] epochs) => RunAsync(new RoomsFound(node, [.. epochs]));

    // Queries

    public Task EnsureActive() => Task.CompletedTask;

    public Task<bool> HasSession(SessionId session) => Task.FromResult(_machine.Find(session) is not null);

    public Task<ChannelSnapshot> GetSnapshot() => Task.FromResult(Snapshot());

    public Task<ChannelReading> ReadNews(long? after) => _news.ReadAsync(after, Snapshot);

    public Task<ChannelExplanation> Explain() =>
        _explainer.CompleteAsync(_machine.Explain() with { Snapshot = Snapshot(), History = _news.Structure });

    // Steps and their effects

    private Task<VoiceError> RunAsync(ChannelInput input) => Task.FromResult(Run(input).Error);

    /// <summary>Runs one step of the channel: the machine decides, then the grain carries out the effects.</summary>
    /// <param name="gateway">Receives events from this step on, if the input is accepted.</param>
    private (VoiceError Error, Member? Member) Run(ChannelInput input, GatewayRef? gateway = null)
    {
        // The channel may be active on another silo already, and this activation is not stored again.
        if (_deactivated.IsCancellationRequested)
            return (VoiceError.Unavailable, null);
        var (effects, error, member) = _machine.Step(input, _clock.Now);
        if (gateway is not null && error == VoiceError.None)
            _gateways.Listen(gateway);
        _effects.CarryOut(effects, _machine.Current.Epoch, _machine.Gateways);
        metrics.ChannelActive(this, _machine.Summary);
        _news.Record(effects, _machine.Rooms, Now);
        // Changes of the dominant speaker are not stored.
        if (effects.Any(effect => effect is PublishToAll { Event: not SpeakersChanged }))
            _store.CheckpointSoon();
        _index.Update(_machine.Summary);
        _deadline.Arm(_machine.NextDeadline);
        return (error, member);
    }

    /// <summary>Renews the channel's entry in the channel index and its rooms at the media nodes, which expire otherwise.</summary>
    private Task RenewAsync(CancellationToken cancellationToken)
    {
        if (_machine.Count == 0)
            return Task.CompletedTask;
        DelayDeactivation(_options.IndexRenewal * 3);
        _index.Renew(_machine.Summary);
        return RunAsync(new RenewRooms());
    }

    // Storage

    /// <summary>Carries out a moderator's order at once, also while the storage is unavailable, and then stores it.</summary>
    /// <param name="order">Returns the input that applies the order to the member.</param>
    /// <param name="restrict">Returns the restriction of the identity after the order; null: the order does not change it.</param>
    private async Task<ModerationResult> ModerateAsync(
        MemberNumber number, Func<Member, ChannelInput> order, Func<Member, Restriction, Restriction>? restrict = null)
    {
        if (_machine.Find(number) is not { } member)
            return ModerationResult.Refused(VoiceError.UnknownParticipant);
        var identity = member.Participant.Identity;
        if (restrict is not null)
            _store.Restrict(identity, restrict(member, _store.RestrictionOf(identity)));
        Run(order(member));
        return await StoreOrderAsync();
    }

    private Task<ModerationResult> StoreOrderAsync() => Moderation.ResultAsync(_store.SaveAsync(), time);

    private ChannelCheckpoint TakeCheckpoint()
    {
        Run(new PublishRoster());
        var newsLimit = _news.LastNumber + ChannelCheckpoint.NewsReserve;
        return _machine.Checkpoint() with { NewsLimit = newsLimit, Unsent = _webhooks.Unsent };
    }

    private void OnStored(ChannelCheckpoint checkpoint) => _webhooks.OnStored(checkpoint.Unsent, checkpoint.Members.IsEmpty);

    /// <summary>Applies the stored settings to the channel machine if they differ from its settings.</summary>
    private void ApplySettings()
    {
        if (_machine.Settings == _store.Settings)
            return;
        _news.Record(_store.Settings, Now);
        Run(new UpdateSettings(_store.Settings));
    }

    private ChannelSnapshot Snapshot() => _machine.Snapshot() with { CreatedAt = _store.CreatedAt, News = _news.LastNumber };
}
