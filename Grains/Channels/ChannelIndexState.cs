using Hype.Grains.Abstractions.Channels;

namespace Hype.Grains.Channels;

/// <summary>What is stored of a shard of the list: the channels that were created by name.</summary>
[GenerateSerializer, Alias("hype.ChannelIndexState")]
internal sealed class ChannelIndexState
{
    /// <summary>The name of the record in grain storage.</summary>
    public const string StorageName = "channelIndex";

    [Id(0)]
    public HashSet<ChannelId> Channels { get; set; } = [];
}
