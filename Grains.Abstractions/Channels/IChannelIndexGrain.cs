namespace Hype.Grains.Abstractions.Channels;

/// <summary>
/// One of <see cref="Shards"/> shards of the channel index. A channel with members has an entry that it renews (soft state); a channel
/// that was created by name has a stored entry.
/// </summary>
[Alias("hype.IChannelIndexGrain")]
public interface IChannelIndexGrain : IGrainWithIntegerKey
{
    const int Shards = 16;

    /// <summary>Adds, updates or renews the entry of a channel; zero participants removes it.</summary>
    [Alias("Report")]
    Task Report(ChannelSummary summary);

    /// <summary>Stores whether the channel was created by name. A created channel is listed even without members.</summary>
    [Alias("SetCreated")]
    Task SetCreated(ChannelId channel, bool created);

    [Alias("List")]
    Task<ChannelSummary[]> List();

    /// <summary>Returns the shard of a channel: FNV-1a of its id, the same in every process and version.</summary>
    static long ShardOf(ChannelId channel)
    {
        var hash = 2166136261u;
        foreach (var c in channel.Value)
            hash = (hash ^ c) * 16777619u;
        return hash % Shards;
    }
}
