using Hype.Grains.Abstractions.Calls;
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

    /// <summary>
    /// The newest report of each channel. The report of an empty channel stays until it expires, so that an older one that arrives late
    /// does not list the channel again.
    /// </summary>
    private readonly Dictionary<ChannelId, Entry> _channels = [];

    private DateTimeOffset? _cleanedAt;

    /// <summary>The time after which an entry without renewal expires.</summary>
    private TimeSpan Lifetime => options.Value.IndexRenewal * MaxMissedRenewals;

    public Task Report(ChannelSummary summary, ReportNumber number)
    {
        var now = _clock.Now;
        // Without this, the entries of channels that ended would stay until an administrator asks for the list.
        if (now - (_cleanedAt ??= now) > Lifetime)
            RemoveExpired(now);
        if (!_channels.TryGetValue(summary.Channel, out var entry) || !number.IsOlderThan(entry.Number))
            _channels[summary.Channel] = new Entry(summary, number, now);
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
        RemoveExpired(_clock.Now);
        var live = _channels.Values.Select(entry => entry.Summary).Where(summary => summary.Participants > 0).ToArray();
        var empty = stored.State.Channels
            .Except(live.Select(summary => summary.Channel))
            .Select(channel => new ChannelSummary(channel, ChannelMode.P2P, default, ModeReason.Created, 0));
        return Task.FromResult(live.Concat(empty).OrderBy(summary => summary.Channel.Value, StringComparer.Ordinal).ToArray());
    }

    private void RemoveExpired(DateTimeOffset now)
    {
        _cleanedAt = now;
        foreach (var (channel, entry) in _channels)
        {
            if (now - entry.SeenAt > Lifetime)
                _channels.Remove(channel);
        }
    }

    /// <summary>The newest report of a channel, and the time at which it arrived.</summary>
    private sealed record Entry(ChannelSummary Summary, ReportNumber Number, DateTimeOffset SeenAt);
}
