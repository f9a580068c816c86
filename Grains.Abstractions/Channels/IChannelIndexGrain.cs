using Hype.Grains.Abstractions.Calls;

namespace Hype.Grains.Abstractions.Channels;

/// <summary>
/// A shard (one of <see cref="Shards"/>) of the index of all channels. A channel with members renews its entry, which otherwise expires;
/// the entry of a channel that was created by name is stored.
/// </summary>
[Alias("hype.IChannelIndexGrain")]
public interface IChannelIndexGrain : IGrainWithIntegerKey
{
    const int Shards = 16;

    /// <summary>
    /// Adds, updates or renews the entry of a channel; a channel without participants is no longer listed. A report that is older than the
    /// newest one of the channel changes nothing.
    /// </summary>
    [Alias("Report"), Idempotent]
    Task Report(ChannelSummary summary, ReportNumber number);

    /// <summary>
    /// Stores that a channel was created by name, or that it no longer is; a created channel is listed even without members.
    /// </summary>
    [Alias("SetCreated"), Idempotent]
    Task SetCreated(ChannelId channel, bool created);

    [Alias("List"), Idempotent]
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
