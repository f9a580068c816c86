using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Webhooks;
using Hype.Grains.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hype.Grains.Webhooks;

/// <summary>
/// Activates the outboxes periodically, so that the events of a failed silo are sent even if their channels have no activity.
/// </summary>
internal sealed partial class WebhookWaker(
    IGrainFactory grains,
    WebhookReceivers receivers,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    GrainMetrics metrics,
    ILogger<WebhookWaker> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (receivers.All.Count == 0)
            return;
        foreach (var receiver in receivers.All)
            metrics.AddReceiver(receiver.Name);
        // Grains can be called once the silo has started.
        using (var started = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStarted, stoppingToken))
            await Task.Delay(Timeout.InfiniteTimeSpan, started.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            await Task.WhenAll(Enumerable.Range(0, IChannelIndexGrain.Shards).SelectMany(OutboxesOf).Select(WakeAsync));
        }
        while (!stoppingToken.IsCancellationRequested && await timer.WaitForNextTickAsync(stoppingToken));
    }

    private IEnumerable<IWebhookOutboxGrain> OutboxesOf(int shard) =>
        receivers.All.Select(receiver => grains.GetGrain<IWebhookOutboxGrain>(shard, receiver.Name));

    private async Task WakeAsync(IWebhookOutboxGrain outbox)
    {
        try
        {
            await outbox.Wake();
        }
        catch (Exception exception)
        {
            LogNotWoken(exception, outbox.GetGrainId());
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Webhook outbox {Outbox} could not be woken; the next try is in a few seconds")]
    private partial void LogNotWoken(Exception exception, GrainId outbox);
}
