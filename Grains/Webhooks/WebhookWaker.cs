using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Webhooks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hype.Grains.Webhooks;

/// <summary>Wakes the outboxes again and again, so that what a silo left behind is sent although nothing happens in its channels.</summary>
internal sealed partial class WebhookWaker(
    IGrainFactory grains, WebhookReceivers receivers, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<WebhookWaker> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (receivers.All.Count == 0)
            return;

        // Grains can be called once the silo has started.
        using (var begun = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStarted, stoppingToken))
            await Task.Delay(Timeout.InfiniteTimeSpan, begun.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            await Task.WhenAll(receivers.All.SelectMany(receiver => Enumerable.Range(0, IChannelIndexGrain.Shards).Select(shard => WakeAsync(shard, receiver.Name))));
        }
        while (!stoppingToken.IsCancellationRequested && await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task WakeAsync(int shard, string receiver)
    {
        try
        {
            await grains.GetGrain<IWebhookOutboxGrain>(shard, receiver).Wake();
        }
        catch (Exception exception)
        {
            LogNotWoken(exception, shard, receiver);
        }
    }

    [LoggerMessage(LogLevel.Information, "Outbox {Outbox} of receiver {Receiver} could not be woken; the next try is in a few seconds")]
    private partial void LogNotWoken(Exception exception, int outbox, string receiver);
}
