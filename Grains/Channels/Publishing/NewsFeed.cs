using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Webhooks;

namespace Hype.Grains.Channels.Publishing;

/// <summary>
/// Records the changes of a channel, passes them to webhook receivers, and returns them to watchers, which wait for the next change.
/// </summary>
/// <param name="changed">Runs after news were recorded: a checkpoint must contain them.</param>
internal sealed class NewsFeed(ChannelHistory history, WebhookFeed webhooks, Action changed, TimeProvider time)
{
    private TaskCompletionSource _next = NewSignal();

    public long LastNumber => history.LastNumber;

    /// <inheritdoc cref="ChannelHistory.Structure"/>
    public ImmutableArray<ChannelNews> Structure => history.Structure;

    /// <summary>Records the changes that the effects of a step contain.</summary>
    public void Record(IEnumerable<ChannelEffect> effects, ImmutableArray<RoomAssignment> rooms, DateTimeOffset now) =>
        Publish(history.Record(effects, rooms, now));

    /// <summary>Records a change of the settings.</summary>
    public void Record(ChannelSettings settings, DateTimeOffset now) => Publish([history.Record(settings, now)]);

    /// <summary>
    /// Returns the changes after a number. If there are none yet, the call waits for one, at most for
    /// <see cref="IChannelGrain.NewsTimeout"/>.
    /// </summary>
    /// <param name="after">The newest number that the watcher has; null for a new watcher, which starts with a snapshot.</param>
    public async Task<ChannelReading> ReadAsync(long? after, Func<ChannelSnapshot> snapshot)
    {
        if (after == history.LastNumber)
            await Task.WhenAny(_next.Task, Task.Delay(IChannelGrain.NewsTimeout, time));
        return history.Read(after, snapshot);
    }

    private void Publish(IReadOnlyCollection<ChannelNews> news)
    {
        if (news.Count == 0)
            return;
        webhooks.Add(news);
        changed();
        var waiting = _next;
        _next = NewSignal();
        waiting.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
