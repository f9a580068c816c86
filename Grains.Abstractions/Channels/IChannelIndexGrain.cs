namespace Hype.Grains.Abstractions.Channels;

/// <summary>One of <see cref="Shards"/> parts of the list of channels: those that are live, soft state that they renew, and those that were created by name.</summary>
[Alias("hype.IChannelIndexGrain")]
public interface IChannelIndexGrain : IGrainWithIntegerKey
{
    const int Shards = 16;

    /// <summary>A channel with people in it says so; zero participants removes it.</summary>
    [Alias("Report")]
    Task Report(ChannelSummary summary);

    /// <summary>Stores that the channel was created by name, so that it is listed although nobody is in it; or that it was forgotten.</summary>
    [Alias("Keep")]
    Task Keep(ChannelId channel, bool created);

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
