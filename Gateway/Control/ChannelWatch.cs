using System.Runtime.CompilerServices;
using Hype.Gateway.Cluster;
using Hype.Grains.Abstractions.Channels;

namespace Hype.Gateway.Control;

/// <summary>
/// Follows a channel for a watcher: yields a snapshot, then every event once, in order. It reads from the grain repeatedly, each time
/// from the last event's number on, so that no event is lost when a silo dies or the grain moves: at worst the watcher gets another
/// snapshot.
/// </summary>
internal sealed class ChannelWatch(GrainAccess grains, TimeProvider time)
{
    /// <summary>The pause before a read that the grain did not answer is repeated.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>Yields the channel's events in order until the watcher stops; at the start or after a gap, a snapshot.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="after">The newest number that the watcher has; null: it starts with a snapshot.</param>
    /// <param name="stop">The watcher has gone, or this gateway stops.</param>
    public async IAsyncEnumerable<ChannelReading> FollowAsync(
        ChannelId channel, long? after, [EnumeratorCancellation] CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (await TryReadAsync(channel, after, stop) is not { } reading)
            {
                await Task.Delay(RetryDelay, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            if (reading.Snapshot is not null || reading.News.Length > 0)
                yield return reading;
            after = reading.Newest;
        }
    }

    private async Task<ChannelReading?> TryReadAsync(ChannelId channel, long? after, CancellationToken stop)
    {
        try
        {
            return await grains.Ask(grains.Channel(channel).ReadNews(after)).WaitAsync(stop);
        }
        catch (Exception)
        {
            // The grain is moving to another silo, or its storage is unavailable: the watcher waits.
            return null;
        }
    }
}
