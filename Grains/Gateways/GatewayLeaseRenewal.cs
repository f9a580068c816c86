using Hype.Grains.Abstractions.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hype.Grains.Gateways;

/// <summary>
/// Renews the leases of gateways with this silo: asks each gateway every second, and notifies the channels of this silo of each gateway
/// that stops answering. A gateway also answers which of its channels it does not know: such a seat is left over from a failed detach or
/// an abandoned join, and its channel treats it as lost too.
/// </summary>
internal sealed partial class GatewayLeaseRenewal(
    GatewayLeases leases, IGrainFactory grains, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<GatewayLeaseRenewal> logger)
        : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly ILogger<GatewayLeaseRenewal> _logger = logger;
    private readonly HashSet<LostGateway> _notifying = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Gateways and channels can be called once the silo has started.
        using (var started = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStarted, stoppingToken))
            await Task.Delay(Timeout.InfiniteTimeSpan, started.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var timer = new PeriodicTimer(Period, time);
        while (!stoppingToken.IsCancellationRequested && await timer.WaitForNextTickAsync(stoppingToken))
            Run();
    }

    private void Run()
    {
        var (due, lost) = leases.Check();
        foreach (var request in due)
            _ = RequestAsync(request);
        foreach (var gateway in lost)
            _ = NotifyAsync(gateway);
    }

    private async Task RequestAsync(RenewalRequest request)
    {
        try
        {
            var unknown = await request.Gateway.Observer.RenewLease(request.Channels, request.Lost);
            if (request.Lost)
                LogReturned(request.Gateway.GatewayId);
            foreach (var lost in leases.Renew(request, unknown))
                _ = NotifyAsync(lost);
        }
        catch (Exception exception)
        {
            LogSilent(exception, request.Gateway.GatewayId);
        }
    }

    /// <summary>Notifies a channel, unless a notification of the same loss is on its way.</summary>
    private async Task NotifyAsync(LostGateway lost)
    {
        lock (_notifying)
        {
            if (!_notifying.Add(lost))
                return;
        }

        try
        {
            LogLost(lost.GatewayId, lost.Channel);
            await grains.GetGrain<IChannelGrain>(lost.Channel.Value).GatewayLost(lost.GatewayId);
            leases.Remove(lost);
        }
        catch (Exception exception)
        {
            LogNotNotified(exception, lost.GatewayId, lost.Channel);
        }
        finally
        {
            lock (_notifying)
                _notifying.Remove(lost);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Gateway {Gateway} did not renew its lease")]
    private partial void LogSilent(Exception exception, string gateway);

    [LoggerMessage(Level = LogLevel.Information, Message = "Gateway {Gateway} answers again after its lease was lost")]
    private partial void LogReturned(string gateway);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Gateway {Gateway} no longer holds the sessions of channel {Channel}")]
    private partial void LogLost(string gateway, ChannelId channel);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The loss of gateway {Gateway} did not reach channel {Channel}; it is repeated")]
    private partial void LogNotNotified(Exception exception, string gateway, ChannelId channel);
}
