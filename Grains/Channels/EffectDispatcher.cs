using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Channels.Publishing;
using Hype.Grains.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Hype.Grains.Channels;

/// <summary>
/// Carries out the effects of a step: sends events to gateways and orders to media nodes, unregisters ended sessions, and records metrics.
/// </summary>
internal sealed partial class EffectDispatcher(
    ChannelId channel,
    GatewayFanout gateways,
    EffectRunner runner,
    SessionDirectory sessions,
    GrainMetrics metrics,
    ILogger logger) : IDisposable
{
    private readonly LayoutTrace _trace = new();
    private readonly ILogger _logger = logger;

    /// <param name="current">The layout that members use after the step.</param>
    /// <param name="holders">The gateways that hold sessions after the step.</param>
    public void CarryOut(IReadOnlyList<ChannelEffect> effects, LayoutEpoch current, IReadOnlySet<string> holders)
    {
        var before = _trace.Enter(effects, current);
        // These calls have no answer. The gateway's lease ends if it is gone, and a lost batch leaves a gap that the gateway detects.
        foreach (var (observer, batch) in gateways.Batch(effects))
            observer.ChannelChanged(batch).Ignore();
        gateways.RetainOnly(holders);
        foreach (var effect in effects)
            CarryOut(effect);
        LayoutTrace.Leave(before);
    }

    public void Dispose() => _trace.Dispose();

    private void CarryOut(ChannelEffect effect)
    {
        switch (effect)
        {
            case NodeOrder order:
                runner.Run(order);
                break;
            case DetachSession detach:
                sessions.Detach(detach.Session, detach.GatewayId);
                break;
            case EndSession end:
                metrics.Left(end.Reason);
                LogLeft(channel, end.Session, end.Reason);
                sessions.End(end.Session, end.Identity);
                break;
            case Moved moved:
                metrics.Moved(moved.Way, moved.Took);
                break;
            case Flooded flooded:
                metrics.Flooded();
                LogFlooded(channel, flooded.Session, flooded.Identity);
                break;
            case Switched switched:
                metrics.Switched(switched.Layout, switched.Took);
                _trace.Committed(switched.Layout);
                LogSwitched(channel, switched.Layout.Epoch, switched.Layout.Mode, switched.Layout.Reason, switched.Took);
                break;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Session {Session} left channel {Channel}: {Reason}")]
    private partial void LogLeft(ChannelId channel, SessionId session, LeaveReason reason);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "Channel {Channel} committed layout {Epoch} in mode {Mode} ({Reason}) after {Took}")]
    private partial void LogSwitched(ChannelId channel, LayoutEpoch epoch, ChannelMode mode, ModeReason reason, TimeSpan took);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Session {Session} of identity {Identity} floods the media node of channel {Channel}; the node drops the excess")]
    private partial void LogFlooded(ChannelId channel, SessionId session, string identity);
}
