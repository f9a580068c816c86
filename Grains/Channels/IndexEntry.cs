using Hype.Grains.Abstractions.Channels;

namespace Hype.Grains.Channels;

/// <summary>
/// Reports the channel's entry to the channel index: after each change, and periodically so that the entry does not expire.
/// </summary>
internal sealed class IndexEntry(ChannelId channel, IGrainFactory grains, BackgroundWork work)
{
    private ChannelSummary? _reported;

    private IChannelIndexGrain Index => grains.GetGrain<IChannelIndexGrain>(IChannelIndexGrain.ShardOf(channel));

    /// <summary>Reports a summary if it differs from the last reported one. A channel that never had members needs no entry.</summary>
    public void Update(ChannelSummary summary)
    {
        if (_reported != summary && (_reported is not null || summary.Participants > 0))
            Renew(summary);
    }

    public void Renew(ChannelSummary summary)
    {
        _reported = summary;
        work.Start(() => Index.Report(summary), "report to the channel index");
    }

    /// <summary>Stores in the index that the channel was created by name, or that it no longer is.</summary>
    public Task SetCreatedAsync(bool created) => Index.SetCreated(channel, created);
}
