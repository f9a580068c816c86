using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Channels.Options;
using Hype.Grains.Timing;
using Microsoft.Extensions.Options;

namespace Hype.Grains.Channels;

/// <summary>
/// A shard of the channel index. A channel with members renews its entry, and an entry without renewal expires, so a lost shard or a
/// failed channel needs no repair. Channels that were created by name are stored.
/// </summary>
internal sealed class ChannelIndexGrain(
    [PersistentState(ChannelIndexState.StorageName)] IPersistentState<ChannelIndexState> stored,
    IOptions<ChannelOptions> options,
    TimeProvider time)
    : Grain, IChannelIndexGrain
{
    /// <summary>The number of consecutive missed renewals after which an entry expires.</summary>
    private const int MaxMissedRenewals = 3;

    private readonly SteadyClock _clock = new(time);
    private readonly Dictionary<ChannelId, (ChannelSummary Summary, DateTimeOffset SeenAt)> _channels = [];

    public Task Report(ChannelSummary summary)
    {
        if (summary.Participants == 0)
            _channels.Remove(summary.Channel);
        else
            _channels[summary.Channel] = (summary, _clock.Now);
        return Task.CompletedTask;
    }

    public async Task SetCreated(ChannelId channel, bool created)
    {
        var channels = stored.State.Channels;
        if (!(created ? channels.Add(channel) : channels.Remove(channel)))
            return;
        try
        {
            await stored.WriteStateAsync();
        }
        catch
        {
            // The channel repeats this call, which must count as a change again.
            _ = created ? channels.Remove(channel) : channels.Add(channel);
            throw;
        }
    }

    public Task<ChannelSummary[]> List()
    {
        var oldest = _clock.Now - (options.Value.IndexRenewal * MaxMissedRenewals);
        foreach (var (channel, (_, seenAt)) in _channels)
        {
            if (seenAt < oldest)
                _channels.Remove(channel);
        }

        var live = _channels.Values.Select(entry => entry.Summary);
        var empty = stored.State.Channels
            .Where(channel => !_channels.ContainsKey(channel))
            .Select(channel => new ChannelSummary(channel, ChannelMode.P2P, default, ModeReason.Created, 0));
        return Task.FromResult(live.Concat(empty).OrderBy(summary => summary.Channel.Value, StringComparer.Ordinal).ToArray());
    }
}
