using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Webhooks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hype.Grains.Webhooks;

/// <summary>Wakes the outboxes again and again, so that what a silo left behind is sent although nothing happens in its channels.</summary>
internal sealed partial class WebhookWaker(
    IGrainFactory grains, IOptions<WebhookOptions> options, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<WebhookWaker> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled)
            return;

        // Grains can be called once the silo has started.
        using (var begun = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStarted, stoppingToken))
            await Task.Delay(Timeout.InfiniteTimeSpan, begun.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            await Task.WhenAll(Enumerable.Range(0, IChannelIndexGrain.Shards).Select(WakeAsync));
        }
        while (!stoppingToken.IsCancellationRequested && await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task WakeAsync(int outbox)
    {
        try
        {
            await grains.GetGrain<IWebhookOutboxGrain>(outbox).Wake();
        }
        catch (Exception exception)
        {
            LogNotWoken(exception, outbox);
        }
    }

    [LoggerMessage(LogLevel.Information, "Outbox {Outbox} of webhooks could not be woken; the next try is in a few seconds")]
    private partial void LogNotWoken(Exception exception, int outbox);
}
