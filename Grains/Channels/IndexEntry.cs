using Hype.Grains.Abstractions.Channels;

namespace Hype.Grains.Channels;

/// <summary>
/// Reports a channel's entry to the channel index. The entry is soft state: it is reported when it changes and renewed in between.
/// </summary>
internal sealed class IndexEntry(ChannelId channel, IGrainFactory grains, BackgroundWork work)
{
    private ChannelSummary? _reported;

    private IChannelIndexGrain Index => grains.GetGrain<IChannelIndexGrain>(IChannelIndexGrain.ShardOf(channel));

    /// <summary>
    /// Reports a summary that differs from the last one. A channel that was never reported and has no members needs no entry.
    /// </summary>
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

    /// <summary>Stores in the index whether the channel was created by name.</summary>
    public Task SetCreatedAsync(bool created) => Index.SetCreated(channel, created);
}
