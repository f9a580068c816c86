namespace Hype.Grains.Channels;

/// <summary>The stored state of an index shard: the channels that were created by name.</summary>
[GenerateSerializer, Alias("hype.ChannelIndexState")]
internal sealed class ChannelIndexState
{
    /// <summary>The name of the record in grain storage.</summary>
    public const string StorageName = "channelIndex";

    [Id(0)]
    public HashSet<ChannelId> Channels { get; set; } = [];
}
