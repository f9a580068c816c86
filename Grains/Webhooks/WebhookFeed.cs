using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Webhooks;
using Hype.Grains.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Hype.Grains.Webhooks;

/// <summary>
/// A channel's way to the outboxes of all receivers: to each one call at a time, so that the order holds, again until it is stored. Nobody in
/// the channel waits for it.
/// </summary>
/// <param name="handedOver">There is less to store than there was.</param>
/// <param name="gone">The channel's activation ends.</param>
internal sealed partial class WebhookFeed(
    ChannelId channel, WebhookReceivers receivers, IGrainFactory grains, Action handedOver, TimeProvider time, GrainMetrics metrics, ILogger logger, CancellationToken gone)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private Way[] _ways = [];

    /// <summary>Of receivers that this silo's options do not have: another silo's may, or these may again.</summary>
    private ImmutableArray<UntoldEvents> _ofStrangers = [];

    /// <summary>What the channel must store with what it has decided.</summary>
    public ImmutableArray<UntoldEvents> Untold => [.. _ways.Select(way => way.Line.Untold), .. _ofStrangers];

    /// <summary>Goes on with what an earlier life of the channel left.</summary>
    /// <param name="untold">As it is stored.</param>
    /// <param name="empty">Nobody was in the channel then; null: it was never stored.</param>
    public void Restore(ImmutableArray<UntoldEvents> untold, bool? empty)
    {
        // A version before did not store any.
        var lines = untold.IsDefault ? [] : untold;
        _ofStrangers = [.. lines.Where(line => receivers.Find(line.Receiver) is null)];
        _ways =
        [
            .. receivers.All.Select(receiver => new Way(
                receiver,
                grains.GetGrain<IWebhookOutboxGrain>(IChannelIndexGrain.ShardOf(channel), receiver.Name),
                new WebhookLine(receiver.Name, lines.FirstOrDefault(line => line.Receiver == receiver.Name), empty, receiver.MaxWaiting))),
        ];
        TellOn();
    }

    /// <summary>Receivers are told once it is <see cref="Stored"/>.</summary>
    public void Tell(IEnumerable<ChannelNews> news)
    {
        foreach (var happened in news)
        {
            foreach (var way in _ways.Where(way => way.Receiver.Wants(WebhookEvents.NameOf(happened.What))))
            {
                if (way.Line.Add(sequence => WebhookEvents.Write(channel, happened, sequence)) is > 0 and var dropped)
                    metrics.WebhookEventsLost(way.Receiver.Name, dropped);
            }
        }
    }

    /// <param name="untold">Is stored now.</param>
    /// <param name="empty">Nobody is in the channel, as it is stored.</param>
    public void Stored(ImmutableArray<UntoldEvents> untold, bool empty)
    {
        foreach (var (way, line) in _ways.Zip(untold))
            way.Line.Stored(line, empty);
        TellOn();
    }

    /// <summary>The outboxes have what is stored, if that can be done before <paramref name="limit"/>.</summary>
    public async Task FlushAsync(CancellationToken limit) =>
        await Task.WhenAll(_ways.Select(way => way.Telling)).WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    private void TellOn()
    {
        foreach (var way in _ways.Where(way => way.Telling.IsCompleted))
            way.Telling = TellAsync(way);
    }

    private async Task TellAsync(Way way)
    {
        while (way.Line.Next(way.Receiver.BatchSize) is { } append)
        {
            if (await TryAppendAsync(way, append))
            {
                way.Line.Acknowledge(append);
                if (append.Events.Length > 0)
                    handedOver();
            }
            else
            {
                if (gone.IsCancellationRequested)
                    return;
                await Task.Delay(Pause, time, gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }
    }

    private async Task<bool> TryAppendAsync(Way way, WebhookAppend append)
    {
        try
        {
            await way.Outbox.Store(channel, append.Events, append.Over);
            return true;
        }
        catch (Exception exception)
        {
            // Its silo died, or storage is away. If they were stored after all they come twice, with the same ids.
            LogNotAppended(logger, exception, channel, append.Events.Length, way.Receiver.Name);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Channel {Channel} could not hand {Events} events over to the outbox of receiver {Receiver}; it tries again")]
    private static partial void LogNotAppended(ILogger logger, Exception exception, ChannelId channel, int events, string receiver);

    private sealed class Way(WebhookReceiver receiver, IWebhookOutboxGrain outbox, WebhookLine line)
    {
        public WebhookReceiver Receiver => receiver;

        public IWebhookOutboxGrain Outbox => outbox;

        public WebhookLine Line => line;

        public Task Telling { get; set; } = Task.CompletedTask;
    }
}
