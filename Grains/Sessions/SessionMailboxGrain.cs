using Hype.Grains.Abstractions.Calls;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Sessions;
using Hype.Grains.Placement;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hype.Grains.Sessions;

/// <summary>
/// The mailbox of a session, which queues peer signals until the gateway of the session has acknowledged them. Nothing is stored: the
/// channel attaches the mailbox again when the client returns.
/// </summary>
[RegionPlacement]
internal sealed partial class SessionMailboxGrain(
    IOptions<ParticipantOptions> options, TimeProvider time, ILogger<SessionMailboxGrain> logger) : Grain, ISessionMailboxGrain
{
    /// <summary>The time until signals that a gateway did not acknowledge are sent to it again.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly PendingSignals _waiting = new(options.Value);
    private readonly ILogger<SessionMailboxGrain> _logger = logger;

    private ChannelId? _channel;
    private ReportNumber _newest;
    private GatewayRef? _gateway;
    private TaskCompletionSource _gatewayChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _delivering;
    private ConnectionQuality _quality;

    private SessionId Session => new(this.GetPrimaryKey());

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        SetGateway(null);
        return Task.CompletedTask;
    }

    public Task Attach(ChannelId channel, MemberNumber number, GatewayRef gateway, ReportNumber report)
    {
        if (IsOutdated(report))
            return Task.CompletedTask;
        if (_channel is null)
            this.RegisterGrainTimer(CheckSessionAsync, options.Value.SessionCheck, options.Value.SessionCheck);
        _channel = channel;
        // The mailbox stays active as long as its session: peers can send signals at any time.
        DelayDeactivation(Timeout.InfiniteTimeSpan);
        SetGateway(gateway);
        _ = DeliverAsync();
        return Task.CompletedTask;
    }

    public Task Detach(string gatewayId, ReportNumber report)
    {
        if (!IsOutdated(report))
            Detach(gatewayId);
        return Task.CompletedTask;
    }

    public Task<VoiceError> Signal(ChannelId channel, PeerSignal signal)
    {
        if (_channel != channel)
        {
            if (_channel is null)
                DeactivateOnIdle();
            return Task.FromResult(VoiceError.UnknownParticipant);
        }

        if (!_waiting.TryAdd(signal))
            return Task.FromResult(VoiceError.TooManyRequests);
        _ = DeliverAsync();
        return Task.FromResult(VoiceError.None);
    }

    public Task ReportQuality(QualityReport report)
    {
        var quality = QualityLevels.Of(report.LossPercent, report.JitterMs, report.RoundTripMs);
        if (_channel is not { } channel || quality == _quality)
            return Task.CompletedTask;
        _quality = quality;
        return GrainFactory.GetGrain<IChannelGrain>(channel.Value).SetQuality(Session, quality);
    }

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    /// <summary>Returns true for an attach or detach that the channel made before one that has already arrived.</summary>
    private bool IsOutdated(ReportNumber report)
    {
        if (report.IsOlderThan(_newest))
            return true;
        _newest = report;
        return false;
    }

    private void Detach(string gatewayId)
    {
        // The session may be at another gateway already.
        if (_gateway?.GatewayId == gatewayId)
            SetGateway(null);
    }

    private void SetGateway(GatewayRef? gateway)
    {
        var former = _gateway;
        _gateway = gateway;
        if (former?.GatewayId == gateway?.GatewayId)
            return;
        var changed = _gatewayChanged;
        _gatewayChanged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }

    /// <summary>
    /// Delivers all waiting signals in order, one request at a time. The call of a sender does not wait for it. Ends when no signal waits,
    /// or when the session is at no gateway.
    /// </summary>
    private async Task DeliverAsync()
    {
        if (_delivering)
            return;
        _delivering = true;
        while (_gateway is { } gateway && _waiting.Count > 0)
        {
            var (signals, changed) = (_waiting.ToArray(), _gatewayChanged.Task);
            var delivery = TrySendAsync(gateway, signals);
            // A gateway that is gone does not answer; the next gateway of the session need not wait for that.
            if (await Task.WhenAny(delivery, changed) == changed)
                continue;
            switch (await delivery)
            {
                case true:
                    _waiting.RemoveFirst(signals.Length);
                    break;
                case false:
                    // The session has left this gateway. The channel attaches the mailbox to the next one.
                    Detach(gateway.GatewayId);
                    break;
                case null:
                    await Task.WhenAny(Task.Delay(RetryDelay, time), changed);
                    break;
            }
        }

        _delivering = false;
    }

    /// <returns>Null if the gateway did not answer.</returns>
    private async Task<bool?> TrySendAsync(GatewayRef gateway, PeerSignal[] signals)
    {
        try
        {
            return await gateway.Observer.Signalled(_channel!.Value, Session, signals);
        }
        catch (Exception exception)
        {
            LogNotAcknowledged(exception, gateway.GatewayId, Session);
            return null;
        }
    }

    /// <summary>Ends the mailbox of a session that ended while this grain could not be reached.</summary>
    private async Task CheckSessionAsync(CancellationToken cancellationToken)
    {
        if (_channel is { } channel && !await GrainFactory.GetGrain<IChannelGrain>(channel.Value).HasSession(Session))
            DeactivateOnIdle();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Gateway {Gateway} did not acknowledge signals for session {Session}")]
    private partial void LogNotAcknowledged(Exception exception, string gateway, SessionId session);
}
