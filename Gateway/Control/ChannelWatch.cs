using System.Runtime.CompilerServices;
using Hype.Gateway.Cluster;
using Hype.Grains.Abstractions.Channels;

namespace Hype.Gateway.Control;

/// <summary>
/// Follows a channel for somebody who watches it: a snapshot, then what happens, in order, each once. Asks the grain again and again,
/// each time from the last number on, so that neither a silo's death nor a moved grain loses anything: at worst there is another snapshot.
/// </summary>
internal sealed class ChannelWatch(GrainAccess grains, TimeProvider time)
{
    /// <summary>Before the grain is asked again that has not answered.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <param name="channel">Which.</param>
    /// <param name="after">The newest number that the watcher has; null: it begins.</param>
    /// <param name="stop">The watcher has gone, or this gateway stops.</param>
    public async IAsyncEnumerable<ChannelReading> FollowAsync(ChannelId channel, long? after, [EnumeratorCancellation] CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (await TryReadAsync(channel, after, stop) is not { } reading)
            {
                await Task.Delay(Pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
            // It is on its way to another silo, or its storage is away: who watches waits.
            return null;
        }
    }
}
