using System.Diagnostics;
using Hype.Grains.Abstractions.Calls;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Regions;
using Hype.Grains.Channels.Options;
using Hype.Grains.Diagnostics;
using Hype.Grains.Silos;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Proto = Hype.MediaNode.Orders.V1;

namespace Hype.Grains.MediaNodes;

/// <summary>
/// Monitors one media node and passes orders on to it. Its parts are <see cref="NodeSession"/> (lease and load), <see cref="RoomLedger"/>
/// (the rooms on the node) and <see cref="ChannelNotifier"/> (the channels of the rooms). Nothing is stored: after a loss of the grain,
/// the node registers again and the channels renew their rooms. The grain is reentrant, so that a slow order delays neither heartbeats nor
/// other orders.
/// </summary>
[Reentrant]
internal sealed partial class MediaNodeGrain(
    IMediaNodeClientFactory clients,
    IOptions<NodeLeaseOptions> leaseOptions,
    IOptions<ChannelOptions> channelOptions,
    IMembershipGate gate,
    TimeProvider time,
    GrainMetrics metrics,
    ILogger<MediaNodeGrain> logger) : Grain, IMediaNodeGrain, IMediaNodeOrdersGrain
{
    /// <summary>
    /// The timeout of a call to the region's grain when the node is lost or begins to drain; the channels are notified afterwards even if
    /// the call fails.
    /// </summary>
    private static readonly TimeSpan UrgentRegionTimeout = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The timeout of a call to the region's grain during a heartbeat; the heartbeat renews the lease even if the call fails.
    /// </summary>
    private static readonly TimeSpan RegionTimeout = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The time after activation for which the grain may not know a live node yet: the node registers again with its next heartbeat.
    /// </summary>
    private static readonly TimeSpan RegistrationGrace = TimeSpan.FromSeconds(5);

    private readonly NodeLeaseOptions _options = leaseOptions.Value;
    private readonly ILogger<MediaNodeGrain> _logger = logger;
    private readonly RoomLedger _rooms = new(channelOptions.Value.IndexRenewal);
    private readonly long _startedAt = time.GetTimestamp();

    private MediaNodeId _node;
    private ChannelNotifier _channels = null!;
    private NodeSession? _session;

    /// <summary>The uptime at the last check.</summary>
    private TimeSpan _checkedAt;

    /// <summary>
    /// The number of the last call to the region's grain. The number of the activation is arbitrary: the clocks of two silos may differ.
    /// </summary>
    private ReportNumber _reported = new(Random.Shared.NextInt64(), 0);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _node = new MediaNodeId(this.GetPrimaryKeyString());
        _channels = new ChannelNotifier(_node, channel => GrainFactory.GetGrain<IChannelGrain>(channel.Value), time, _logger);
        metrics.TrackNode(_node, Figures);
        this.RegisterGrainTimer(CheckAsync, new() { DueTime = CheckInterval, Period = CheckInterval, Interleave = true });
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        metrics.UntrackNode(_node, Figures);
        _session?.Dispose();
        return Task.CompletedTask;
    }

    // The node's registration and lease

    public async Task<bool> Register(NodeRegistration registration, HeldRoom[] rooms)
    {
        if (await HasOtherProcessAsync(registration.Incarnation))
            return false;
        var loss = _session is { } before && before.Registration.Incarnation != registration.Incarnation ? EndSession(before) : null;

        // The same incarnation may register through another gateway while the grain still considers its old stream alive.
        if (_session is not { } session || !session.IsConnectedTo(registration))
        {
            _session?.Dispose();
            var client = clients.Connect(registration.ControlUrl, registration.ControlToken);
            _session = session = new NodeSession(registration, client, new NodeLease(_options, Uptime, registration.AckedFor));
            LogRegistered(_node, registration.Region, registration.Incarnation, registration.ControlUrl);
        }

        // Before anything is awaited: the events of an unknown room are ignored.
        foreach (var room in rooms)
            _rooms.Found(room, Uptime);
        session.Lease.Renew(Uptime, registration.AckedFor);
        DelayDeactivation(Timeout.InfiniteTimeSpan);
        // The region is notified of the node before the channels are notified of their loss, so that they can return to the node at once.
        await PublishAsync(session);
        if (loss is not null)
            await PublishLossAsync(loss, registration.Region);
        _channels.RoomsFound(rooms);
        return true;
    }

    public async Task<bool> Heartbeat(Guid incarnation, NodeLoad? load, TimeSpan ackedFor)
    {
        if (SessionOf(incarnation) is not { } session)
            return false;
        session.Lease.Renew(Uptime, ackedFor);
        if (load is not null)
        {
            session.Load = load;
            await PublishAsync(session);
        }

        return true;
    }

    public async Task<ChannelId[]?> Report(Guid incarnation, RoomEvent[] events)
    {
        if (SessionOf(incarnation) is not { } session)
            return null;
        session.Lease.Renew(Uptime, ackedFor: null);
        var own = Array.FindAll(events, roomEvent => _rooms.IsInUse(new HeldRoom(roomEvent.Channel, roomEvent.Epoch)));
        if (own.Length < events.Length)
            metrics.NodeEventsIgnored(events.Length - own.Length);
        return await _channels.ReportAsync(own);
    }

    public Task Suspect(Guid incarnation) =>
        SessionOf(incarnation) is { } session && session.Lease.Suspect(Uptime)
            ? ProbeAsync(session, "its stream ended")
            : Task.CompletedTask;

    public Task<NodeStatus?> GetStatus() => Task.FromResult(_session?.Status(time.GetUtcNow(), Uptime));

    public async Task<VoiceError> Drain(bool draining)
    {
        if (_session is not { } session)
            return Uptime < RegistrationGrace ? VoiceError.Unavailable : VoiceError.UnknownNode;
        var (outcome, drains) = await session.Client.DrainAsync(draining);
        if (outcome != NodeOutcome.Done)
            return NodeOutcomes.ErrorFor(outcome);
        LogDrainRequested(_node, draining);
        // The node's next load report has the same value.
        session.Load = session.Load with { Draining = drains };
        await PublishAsync(session);
        return VoiceError.None;
    }

    // Orders of channels

    public async Task<EncodedOutcomes> Execute(EncodedOrders orders) => EncodedOutcomes.Of(await ExecuteAsync(orders.Decode()));

    public Task<EncodedOutcomes> Query(EncodedOrders orders) => Execute(orders);

    private async Task<Proto.OutcomeBatch> ExecuteAsync(Proto.OrderBatch batch)
    {
        // The span's name is the same for all orders.
        Activity.Current?.SetTag("node.orders", string.Join(' ', batch.Orders.Select(order => order.BodyCase)));
        if (_session is not { } session)
            return NodeOutcomes.ForAll(batch, Proto.OutcomeCode.Unreachable);
        foreach (var order in batch.Orders)
        {
            // The room enters the ledger before it is open: if the node dies meanwhile, the channel is notified of the loss.
            if (order.BodyCase == Proto.NodeOrder.BodyOneofCase.OpenRoom)
                _rooms.Renew(RoomOf(order), order.Incarnation, Uptime);
            else if (order.BodyCase == Proto.NodeOrder.BodyOneofCase.CloseRoom)
                _rooms.Closing(RoomOf(order), order.Incarnation, Uptime);
        }

        var result = await session.Client.ExecuteAsync(batch);
        foreach (var (order, outcome) in batch.Orders.Zip(result.Outcomes))
            Executed(session, order, outcome);
        return result;
    }

    private void Executed(NodeSession session, Proto.NodeOrder order, Proto.Outcome outcome)
    {
        switch (order.BodyCase)
        {
            case Proto.NodeOrder.BodyOneofCase.OpenRoom when _session != session:
                outcome.Code = Proto.OutcomeCode.Unreachable;
                outcome.ClearBody();
                break;
            // A refused room does not exist, unless a later activation has it. An unanswered order may have been executed: if the node is
            // dead, the channel must be notified.
            case Proto.NodeOrder.BodyOneofCase.OpenRoom when outcome.Code is not
                (Proto.OutcomeCode.Done or Proto.OutcomeCode.Superseded or Proto.OutcomeCode.Unreachable or Proto.OutcomeCode.Failed):
                _rooms.Remove(RoomOf(order), order.Incarnation);
                break;
            case Proto.NodeOrder.BodyOneofCase.CloseRoom when outcome.Code == Proto.OutcomeCode.Done || _session is null:
                _rooms.Remove(RoomOf(order), order.Incarnation);
                break;
            case Proto.NodeOrder.BodyOneofCase.CloseRoom when outcome.Code == Proto.OutcomeCode.Superseded:
                _rooms.Keep(RoomOf(order), order.Incarnation, Uptime);
                break;
            case Proto.NodeOrder.BodyOneofCase.CloseRoom or Proto.NodeOrder.BodyOneofCase.RemoveLink
                when outcome.Code != Proto.OutcomeCode.Done:
                LogNotExecuted(_node, order.BodyCase, RoomOf(order).Channel, RoomOf(order).Epoch, outcome.Code);
                break;
        }
    }

    // Lease

    /// <summary>
    /// The time since the grain was activated, from a clock that never jumps. If the wall clock were used and set back, a dead node would
    /// seem alive.
    /// </summary>
    private TimeSpan Uptime => time.GetElapsedTime(_startedAt);

    private NodeSession? SessionOf(Guid incarnation) =>
        _session is { } session && session.Registration.Incarnation == incarnation ? session : null;

    private static HeldRoom RoomOf(Proto.NodeOrder order) =>
        new(ChannelId.Parse(order.Room.Channel), new RoomEpoch((int)order.Room.Epoch));

    /// <summary>
    /// Returns the measurements of the node; null while it is not registered. The metrics call this method on another thread.
    /// </summary>
    private NodeFigures? Figures() => _session is { } session
        ? new NodeFigures(
            session.Registration.Region.Value, session.Load.Load, session.Load.Draining, Uptime - session.Lease.LastHeartbeat)
        : null;

    /// <summary>Reports the status of the node to its region, and notifies the channels when a drain begins.</summary>
    private async Task PublishAsync(NodeSession session)
    {
        var drainBegins = session.DrainBegins();
        // A drain that begins during the report to the region is the same drain.
        if (drainBegins)
            session.DrainNotified(Uptime);
        // The region is notified first: otherwise it would send a channel straight back to this node.
        await NotifyRegionAsync(
            session,
            drainBegins ? UrgentRegionTimeout : RegionTimeout,
            (region, number) => region.Report(session.Status(time.GetUtcNow(), Uptime), number));
        if (drainBegins)
            NotifyOfDrain(session);
    }

    private void NotifyOfDrain(NodeSession session)
    {
        session.DrainNotified(Uptime);
        var channels = _rooms.Channels;
        LogDraining(_node, session.Load.Endpoints, channels.Length);
        _channels.NodeDraining(channels);
    }

    /// <summary>
    /// Calls the region's grain and waits no longer than the timeout. A failed call is only logged: the node's next report corrects the
    /// list of the region.
    /// </summary>
    private async Task NotifyRegionAsync(NodeSession session, TimeSpan timeout, Func<IRegionGrain, ReportNumber, Task> notify)
    {
        try
        {
            var region = GrainFactory.GetGrain<IRegionGrain>(session.Registration.Region.Value);
            await notify(region, _reported = _reported.Next()).WaitAsync(timeout, time);
        }
        catch (Exception exception)
        {
            LogRegionSilent(exception, session.Registration.Region, _node);
        }
    }

    /// <summary>A quarter of the suspicion period: a late check delays a suspicion by at most that.</summary>
    private TimeSpan CheckInterval => _options.SuspectAfter / 4;

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        // Another silo may have activated this grain, and the node may serve that activation.
        if (!await gate.PassAsync())
            return;
        // While the silo was paused, and at its closed gate, no renewal of a room was processed.
        var pause = Uptime - _checkedAt - CheckInterval;
        _checkedAt = Uptime;
        if (pause > TimeSpan.Zero)
            _rooms.Excuse(pause, Uptime);
        if (_session is not { } session)
            return;
        if (session.IsDrainReminderDue(Uptime))
            NotifyOfDrain(session);
        // Not awaited: a node that is slow to close a room is still monitored.
        if (_rooms.Forgotten(Uptime) is { Length: > 0 } forgotten)
            _ = ExecuteAsync(Close(forgotten));
        if (session.Lease.Check(Uptime))
            await ProbeAsync(session, "it was silent");
    }

    private Proto.OrderBatch Close(HeldRoom[] rooms) => new()
    {
        Orders =
        {
            rooms.Select(room => new Proto.NodeOrder
            {
                Room = new Proto.RoomKey { Channel = room.Channel.Value, Epoch = (uint)room.Epoch.Value },
                CloseRoom = new Proto.CloseRoom(),
                // Refused if a later activation uses the room, and renews it at another activation of this grain.
                Incarnation = _rooms.IncarnationOf(room),
            }),
        },
    };

    private async Task ProbeAsync(NodeSession session, string suspicion)
    {
        var result = await session.Client.ProbeAsync(session.Registration.Incarnation, _options.ProbeTimeout);
        if (!await gate.PassAsync() || !session.Lease.Probed(result, Uptime) || _session != session)
            return;
        metrics.LeaseEnded();
        var (lease, now) = (session.Lease, Uptime);
        LogLeaseEnded(
            _node, session.Registration.Incarnation, suspicion,
            (lease.SuspectedAt!.Value - lease.LastHeartbeat).TotalMilliseconds, (now - lease.LastHeartbeat).TotalMilliseconds);
        DelayDeactivation(TimeSpan.Zero);
        await PublishLossAsync(EndSession(session), newRegion: null);
    }

    /// <summary>
    /// Returns whether another process of this node still runs. After a restart the probe shows at once that the old process is gone: the
    /// machine refuses the connection, or the new process answers.
    /// </summary>
    private async Task<bool> HasOtherProcessAsync(Guid incarnation)
    {
        // Another registration may be accepted during the probe; then its process is probed too.
        while (_session is { } session && session.Registration.Incarnation != incarnation)
        {
            var result = await session.Client.ProbeAsync(session.Registration.Incarnation, _options.ProbeTimeout);
            if (_session == session)
                return session.Lease.IsHeldAgainstAnother(result, Uptime);
        }

        return false;
    }

    /// <summary>Ends the session of a node process that no longer runs, and returns the channels whose rooms are lost.</summary>
    private Loss EndSession(NodeSession session)
    {
        var loss = new Loss(session, _rooms.Channels);
        _session = null;
        _rooms.Clear();
        _channels.Clear();
        session.Dispose();
        return loss;
    }

    /// <summary>Notifies the region of the lost node, then all channels that lost a room.</summary>
    /// <param name="loss">The incarnation and its channels.</param>
    /// <param name="newRegion">The region in which the next incarnation has registered; null: there is none.</param>
    private async Task PublishLossAsync(Loss loss, RegionId? newRegion)
    {
        // The region is notified first: otherwise it would send the channels straight back to this node.
        if (loss.Session.Registration.Region != newRegion)
            await NotifyRegionAsync(loss.Session, UrgentRegionTimeout, (region, number) => region.Remove(_node, number));
        await _channels.NodeLostAsync(loss.Channels, loss.Session.SilentFor(Uptime), loss.Session.AckedFor(Uptime));
    }

    /// <summary>The loss of a node process: its session, and the channels that had rooms on it.</summary>
    private sealed record Loss(NodeSession Session, ChannelId[] Channels);
}
