using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Webhooks;
using Hype.Grains.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Hype.Grains.Webhooks;

/// <summary>
/// Sends a channel's events to the outboxes of all receivers. Each outbox gets one call at a time, which preserves the order, and a call
/// is repeated until the outbox has stored its events. The channel does not wait for the calls.
/// </summary>
/// <param name="onSent">Runs when there are fewer events to store than before.</param>
/// <param name="gone">Cancelled when the channel's activation ends.</param>
internal sealed partial class WebhookFeed(
    ChannelId channel,
    WebhookReceivers receivers,
    IGrainFactory grains,
    Action onSent,
    TimeProvider time,
    GrainMetrics metrics,
    ILogger logger,
    CancellationToken gone)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private Delivery[] _deliveries = [];

    /// <summary>
    /// The stored events for receivers that are not in the options of this silo. They are retained, because another silo may know the
    /// receiver, or an operator may add it again.
    /// </summary>
    private ImmutableArray<UnsentEvents> _forUnknown = [];

    /// <summary>The unsent events of all receivers, which the channel stores together with its decisions.</summary>
    public ImmutableArray<UnsentEvents> Unsent => [.. _deliveries.Select(delivery => delivery.Queue.Unsent), .. _forUnknown];

    /// <summary>Starts the queues with the events that the previous activation of the channel stored and did not send.</summary>
    /// <param name="stored">The stored events.</param>
    /// <param name="empty">No member was in the channel when it was last stored; null: it was never stored.</param>
    public void Restore(ImmutableArray<UnsentEvents> stored, bool? empty)
    {
        _forUnknown = [.. stored.Where(unsent => receivers.Find(unsent.Receiver) is null)];
        _deliveries =
        [
            .. receivers.All.Select(receiver => new Delivery(
                receiver,
                grains.GetGrain<IWebhookOutboxGrain>(IChannelIndexGrain.ShardOf(channel), receiver.Name),
                new WebhookQueue(
                    receiver.Name, stored.FirstOrDefault(unsent => unsent.Receiver == receiver.Name), empty, receiver.MaxWaiting))),
        ];
        SendPending();
    }

    /// <summary>Queues events for all receivers that want them; they are sent after <see cref="OnStored"/>.</summary>
    public void Add(IEnumerable<ChannelNews> news)
    {
        foreach (var item in news)
        {
            foreach (var delivery in _deliveries.Where(delivery => delivery.Receiver.Wants(WebhookEvents.NameOf(item.What))))
            {
                if (delivery.Queue.Add(sequence => WebhookEvents.Write(channel, item, sequence)) is > 0 and var dropped)
                    metrics.WebhookEventsLost(delivery.Receiver.Name, dropped);
            }
        }
    }

    /// <summary>Releases events for sending, because the channel has stored them.</summary>
    /// <param name="empty">No member is in the stored channel.</param>
    public void OnStored(ImmutableArray<UnsentEvents> stored, bool empty)
    {
        foreach (var (delivery, unsent) in _deliveries.Zip(stored))
            delivery.Queue.OnStored(unsent, empty);
        SendPending();
    }

    /// <summary>Waits until the outboxes have acknowledged all released events, or until <paramref name="limit"/> is cancelled.</summary>
    public async Task FlushAsync(CancellationToken limit) => await Task.WhenAll(_deliveries.Select(delivery => delivery.Sending))
        .WaitAsync(limit)
        .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    private void SendPending()
    {
        foreach (var delivery in _deliveries.Where(delivery => delivery.Sending.IsCompleted))
            delivery.Sending = SendAsync(delivery);
    }

    private async Task SendAsync(Delivery delivery)
    {
        while (delivery.Queue.Next(delivery.Receiver.BatchSize) is { } append)
        {
            if (await TrySendAsync(delivery, append))
            {
                delivery.Queue.Acknowledge(append);
                if (append.Events.Length > 0)
                    onSent();
            }
            else
            {
                if (gone.IsCancellationRequested)
                    return;
                await Task.Delay(RetryDelay, time, gone)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }
    }

    private async Task<bool> TrySendAsync(Delivery delivery, WebhookAppend append)
    {
        try
        {
            await delivery.Outbox.Store(channel, append.Events, append.Final);
            return true;
        }
        catch (Exception exception)
        {
            // The outbox's silo died, or storage is unavailable. If the events were stored after all, the outbox recognises their ids.
            LogNotSent(logger, exception, channel, append.Events.Length, delivery.Receiver.Name);
            return false;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Channel {Channel} could not send {Events} events to the outbox of webhook receiver {Receiver}; it retries")]
    private static partial void LogNotSent(ILogger logger, Exception exception, ChannelId channel, int events, string receiver);

    /// <summary>The queue and the outbox of one receiver.</summary>
    private sealed class Delivery(WebhookReceiver receiver, IWebhookOutboxGrain outbox, WebhookQueue queue)
    {
        public WebhookReceiver Receiver => receiver;

        public IWebhookOutboxGrain Outbox => outbox;

        public WebhookQueue Queue => queue;

        public Task Sending { get; set; } = Task.CompletedTask;
    }
}
