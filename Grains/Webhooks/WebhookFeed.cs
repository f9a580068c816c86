using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Webhooks;
using Hype.Grains.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Hype.Grains.Webhooks;

/// <summary>
/// A channel's way to its outbox: one call at a time, so that the order holds, again until it is stored. Nobody in the channel waits for it.
/// </summary>
/// <param name="gone">The channel's activation ends.</param>
internal sealed partial class WebhookFeed(
    ChannelId channel, IWebhookOutboxGrain outbox, WebhookOptions options, TimeProvider time, GrainMetrics metrics, ILogger logger, CancellationToken gone)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly HashSet<string> _wanted = [.. options.Events is [] ? WebhookEvents.Defaults : options.Events];
    private readonly Queue<WebhookEvent> _waiting = new();
    private Task _telling = Task.CompletedTask;

    public void Tell(IEnumerable<ChannelNews> news)
    {
        foreach (var happened in news.Where(happened => WebhookEvents.NameOf(happened.What) is { } name && _wanted.Contains(name)))
            _waiting.Enqueue(WebhookEvents.Write(channel, happened));
        for (; _waiting.Count > options.MaxWaiting; _waiting.Dequeue())
            metrics.WebhookEventsLost(1);
        if (_telling.IsCompleted && _waiting.Count > 0)
            _telling = TellAsync();
    }

    /// <summary>What has happened is stored, if that can be done before <paramref name="limit"/>.</summary>
    public async Task FlushAsync(CancellationToken limit) =>
        await _telling.WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    private async Task TellAsync()
    {
        while (_waiting.Count > 0)
        {
            var events = new List<WebhookEvent>();
            while (events.Count < options.BatchSize && _waiting.TryDequeue(out var next))
                events.Add(next);
            while (!await TryAppendAsync([.. events]))
            {
                if (gone.IsCancellationRequested)
                    return;
                await Task.Delay(Pause, time, gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }
    }

    private async Task<bool> TryAppendAsync(WebhookEvent[] events)
    {
        try
        {
            await outbox.Append(events);
            return true;
        }
        catch (Exception exception)
        {
            // Its silo died, or storage is away. If they were stored after all they come twice, with the same ids.
            LogNotAppended(logger, exception, channel, events.Length);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Channel {Channel} could not store {Events} events for the receiver of webhooks; it tries again")]
    private static partial void LogNotAppended(ILogger logger, Exception exception, ChannelId channel, int events);
}
