namespace Hype.Grains.Abstractions.Channels;

/// <summary>
/// One of <see cref="Shards"/> shards of the channel index. Its entries are the channels with members, soft state that they renew, and the
/// channels that were created by name, which are stored.
/// </summary>
[Alias("hype.IChannelIndexGrain")]
public interface IChannelIndexGrain : IGrainWithIntegerKey
{
    const int Shards = 16;

    /// <summary>Adds, updates or renews the entry of a channel; zero participants removes it.</summary>
    [Alias("Report")]
    Task Report(ChannelSummary summary);

    /// <summary>Stores that the channel was created by name, and is listed even without members; or that it was forgotten.</summary>
    [Alias("SetCreated")]
    Task SetCreated(ChannelId channel, bool created);

    [Alias("List")]
    Task<ChannelSummary[]> List();

    /// <summary>The shard of a channel: FNV-1a of its id, the same in every process and version.</summary>
    static long ShardOf(ChannelId channel)
    {
        var hash = 2166136261u;
        foreach (var c in channel.Value)
            hash = (hash ^ c) * 16777619u;
        return hash % Shards;
    }
}
