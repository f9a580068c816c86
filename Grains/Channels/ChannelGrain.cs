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
using Hype.Grains.Silos;
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
    IMembershipGate gate,
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
        var tick = this.RegisterGrainTimer(Gated(() => RunAsync(new Tick())), DeadlineTimer.Disarmed);
        var save = this.RegisterGrainTimer(
            Gated(() => _store.CheckpointDue ? _store.SaveAsync() : Task.CompletedTask), DeadlineTimer.Disarmed);
        this.RegisterGrainTimer(
            Gated(RenewAsync), new() { DueTime = _options.IndexRenewal, Period = _options.IndexRenewal, Interleave = true });

        var settings = checkpoint?.Settings ?? ChannelSettings.Default;
        _machine = new ChannelMachine(_channel, _options, settings, incarnation, _clock.Now, checkpoint);
        _deadline = new DeadlineTimer(tick, _clock);
        var work = new BackgroundWork(_channel, _logger);
        _index = new IndexEntry(_channel, incarnation, GrainFactory, work);
        _store = new ChannelStore(
            _channel, state, save, _options.CheckpointInterval, TakeCheckpoint, OnStored, ApplySettings, _index.SetCreatedAsync,
            () => _fence.Lose(), _logger);
        _fence = new ChannelFence(
            incarnation, async () => !_deactivated.IsCancellationRequested && await _store.SaveAsync() == SaveResult.Stored, EndSuperseded,
            gate, time);
        _sessions = new SessionDirectory(
            _channel, incarnation, GrainFactory, work, session => Run(new Leave(session, LeaveReason.Revoked)), gate, time,
            _deactivated.Token);
        _gateways = new GatewayFanout(_channel, incarnation, leases);
        _webhooks = new WebhookFeed(_channel, receivers, GrainFactory, _store.CheckpointSoon, time, metrics, _logger, _deactivated.Token);
        _webhooks.Restore(checkpoint?.Unsent ?? [], checkpoint?.Members.IsEmpty);
        var history = new ChannelHistory(checkpoint?.NewsLimit ?? 0, _machine.Snapshot().Participants, checkpoint?.Rooms ?? []);
        _news = new NewsFeed(history, _webhooks, _store.CheckpointSoon, time);
        _nodes = new NodeOrders(_channel, _fence, GrainFactory, _options, gate);
        _explainer = new ChannelExplainer(_nodes, work);
        var runner = new EffectRunner(
            _channel, _nodes, _machine.WantedOrders, answer => Run(answer), work, gate, metrics, time, _logger, _deactivated.Token);
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
        var (session, age, arrivedAt) = (request.Session, CallAttempt.Age, time.GetTimestamp());
        if (!await _fence.ConfirmAsync())
            return Refused(VoiceError.Unavailable);
        if (await _sessions.EnterAsync(request.Identity, session, request.TokenIssuedAt) is not VoiceError.None and var refusal)
            return Refused(refusal);
        cancellationToken.ThrowIfCancellationRequested();
        var (token, hash) = ResumeToken.Create(session);
        // A first attempt is admitted in the order of its arrival, whatever was admitted while it waited.
        if (age > TimeSpan.Zero)
            age += time.GetElapsedTime(arrivedAt);
        var restriction = _store.RestrictionOf(request.Identity) | request.Restriction;
        var (error, member) = _store.IsBanned(request.Identity, Now)
            ? (VoiceError.Banned, null)
            : Run(new Join(Admission.Of(request, hash, restriction, age)), request.Gateway);
        if (member is null)
        {
            // Another attempt of this join may be admitted, by the next activation too: its registration must stay.
            if (error != VoiceError.Unavailable)
                _sessions.Refuse(request.Identity, session);
            return Refused(error);
        }

        // A member that moves here brings its restriction along; the checkpoint with the member contains both.
        if (restriction != _store.RestrictionOf(request.Identity))
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
            // No client will ever receive this seat, unless a later attempt or a resume took it over.
            if (ReferenceEquals(_machine.Find(session)?.TokenHash, hash))
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
        Require(new Attach(gateway.GatewayId, [.. sessions]));
        _sessions.Attach(sessions.Select(_machine.Find).OfType<Member>(), gateway);
        return Task.FromResult(Snapshot());
    }

    public Task Detach(SessionId session, string gatewayId) => RequireAsync(new Detach(session, gatewayId, CallAttempt.Age));

    public Task GatewayLost(string gatewayId) => RequireAsync(new GatewayLost(gatewayId, CallAttempt.Age));

    public Task Leave(SessionId session, LeaveReason reason)
    {
        _sessions.CancelJoin(session, reason == LeaveReason.Revoked ? VoiceError.Revoked : VoiceError.SessionExpired);
        return RequireAsync(new Leave(session, reason));
    }

    public Task SetState(SessionId session, bool muted, bool deafened) => RequireAsync(new SetState(session, muted, deafened));

    public Task SetQuality(SessionId session, ConnectionQuality quality) => RequireAsync(new SetQuality(session, quality));

    public Task Ready(SessionId session, LayoutEpoch epoch) => RequireAsync(new Ready(session, epoch));

    public Task ConnectionFailed(SessionId session, LayoutEpoch epoch, MemberNumber? peer) =>
        RequireAsync(new ConnectionFailed(session, epoch, peer));

    public async Task<VoiceError> Answer(SessionId session, SfuAnswer answer)
    {
        var (error, _) = Run(new Answered(session, answer.Epoch));
        if (error != VoiceError.None)
            return error;
        if (_machine.RoomOf(session, answer.Epoch) is not { } room || _machine.Find(session) is not { Number: var number })
            return VoiceError.StaleEpoch;
        var accepted = await gate.AfterAsync(_nodes.ExecuteAsync(new AcceptAnswer(room, number, answer)));
        if (accepted.Outcome != NodeOutcome.Done)
            Run(accepted);
        return NodeOutcomes.ErrorFor(accepted.Outcome);
    }

    // The control API

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
        var error = Run(new Close()).Error;
        return forget && error == VoiceError.None ? await _store.ForgetAsync(() => Run(new Close())) : error;
    }

    // Media nodes

    public Task NodeReported(MediaNodeId node, RoomEvent[] events) => RequireAsync(new NodeReported(node, [.. events]));

    // The node was silent while this notice waited, too.
    public Task NodeLost(MediaNodeId node, TimeSpan silentFor, TimeSpan ackedFor) =>
        RequireAsync(new NodeLost(node, silentFor + CallAttempt.Age + CallAttempt.Suspended, ackedFor));

    public Task NodeDraining(MediaNodeId node) => RequireAsync(new NodeDraining(node));

    // No activation of a channel without a record had a room, and a node's statement creates no record: the node's grain closes the rooms.
    public Task RoomsFound(MediaNodeId node, RoomEpoch[] epochs) =>
        _store.HasRecord ? RequireAsync(new RoomsFound(node, [.. epochs])) : Task.CompletedTask;

    // Queries

    public Task EnsureActive() => Task.CompletedTask;

    public Task<bool> HasSession(SessionId session) => Task.FromResult(_machine.Find(session) is not null);

    public Task<ChannelSnapshot> GetSnapshot() => Task.FromResult(Snapshot());

    public Task<ChannelReading> ReadNews(long? after) => _news.ReadAsync(after, Snapshot);

    public Task<ChannelExplanation> Explain() =>
        _explainer.CompleteAsync(_machine.Explain() with { Snapshot = Snapshot(), History = _news.Structure });

    // Steps and their effects

    private Task<VoiceError> RunAsync(ChannelInput input) => Task.FromResult(Run(input).Error);

    /// <summary>Runs a step for a caller that gets no error, so that it repeats its call to the activation that has taken over.</summary>
    private Task RequireAsync(ChannelInput input)
    {
        Require(input);
        return Task.CompletedTask;
    }

    /// <exception cref="SiloUnavailableException">This activation has ended.</exception>
    private void Require(ChannelInput input)
    {
        if (Run(input).Error == VoiceError.Unavailable)
            throw new SiloUnavailableException("Another activation of this channel has taken over.");
    }

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

    /// <summary>Returns the callback of a timer, which waits while another silo may have activated this channel.</summary>
    private Func<CancellationToken, Task> Gated(Func<Task> callback) => async _ =>
    {
        if (await gate.PassAsync())
            await callback();
    };

    /// <summary>Renews the channel's entry in the channel index and its rooms at the media nodes, which expire otherwise.</summary>
    private Task RenewAsync()
    {
        if (_machine.Count == 0)
            return Task.CompletedTask;
        DelayDeactivation(_options.IndexRenewal * 3);
        _index.Renew(_machine.Summary);
        return RunAsync(new RenewRooms());
    }

    // Storage

    /// <summary>Ends this activation at once, also for requests in progress: another activation decides for the channel now.</summary>
    private void EndSuperseded()
    {
        LogSuperseded(_channel, _fence.Incarnation);
        _deactivated.Cancel();
        DeactivateOnIdle();
    }

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
