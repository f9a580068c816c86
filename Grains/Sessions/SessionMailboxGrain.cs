using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Sessions;
using Hype.Grains.Placement;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hype.Grains.Sessions;

/// <summary>
/// The mailbox of a session, which queues peer signals while the session is away. Nothing is stored: the channel attaches the mailbox
/// again when the client returns.
/// </summary>
[RegionPlacement]
internal sealed partial class SessionMailboxGrain(IOptions<ParticipantOptions> options, ILogger<SessionMailboxGrain> logger)
    : Grain, ISessionMailboxGrain
{
    private readonly PendingSignals _waiting = new(options.Value);
    private readonly ILogger<SessionMailboxGrain> _logger = logger;

    private ChannelId? _channel;
    private GatewayRef? _gateway;
    private ConnectionQuality _quality;

    private SessionId Session => new(this.GetPrimaryKey());

    public async Task Attach(ChannelId channel, MemberNumber number, GatewayRef gateway)
    {
        _channel = channel;
        _gateway = gateway;
        // The mailbox stays active as long as its session: peers can send signals at any time.
        DelayDeactivation(Timeout.InfiniteTimeSpan);
        while (_waiting.TryPeek(out var signal) && await TryDeliverAsync(signal))
            _waiting.RemoveFirst();
    }

    public Task Detach(string gatewayId)
    {
        // A late call of a gateway that the session has already left changes nothing.
        if (_gateway?.GatewayId == gatewayId)
            _gateway = null;
        return Task.CompletedTask;
    }

    public async Task<VoiceError> Signal(ChannelId channel, PeerSignal signal)
    {
        if (_channel != channel)
        {
            if (_channel is null)
                DeactivateOnIdle();
            return VoiceError.UnknownParticipant;
        }

        if (_waiting.Count == 0 && await TryDeliverAsync(signal))
            return VoiceError.None;
        return _waiting.TryAdd(signal) ? VoiceError.None : VoiceError.TooManyRequests;
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

    private async Task<bool> TryDeliverAsync(PeerSignal signal)
    {
        if (_gateway is not { } gateway)
            return false;
        try
        {
            await gateway.Observer.Signalled(_channel!.Value, Session, signal);
            return true;
        }
        catch (Exception exception)
        {
            LogGatewayLost(exception, gateway.GatewayId, Session);
            if (_gateway == gateway)
                _gateway = null;
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Gateway {Gateway} no longer receives signals for session {Session}")]
    private partial void LogGatewayLost(Exception exception, string gateway, SessionId session);
}
