using Hype.Grains.Abstractions.Channels;
using Microsoft.Extensions.Options;

namespace Hype.Grains.Channels;

/// <summary>
/// A shard of the list of live channels. Soft state: a channel renews its line while people are in it and a line that is not
/// renewed is forgotten, so that neither a lost shard nor a channel that died without a word needs repair.
/// </summary>
internal sealed class ChannelIndexGrain(IOptions<ChannelOptions> options, TimeProvider time) : Grain, IChannelIndexGrain
{
    /// <summary>Renewals that a line may miss.</summary>
    private const int Patience = 3;

    private readonly Dictionary<ChannelId, (ChannelSummary Summary, DateTimeOffset SeenAt)> _channels = [];

    public Task Report(ChannelSummary summary)
    {
        if (summary.Participants == 0)
            _channels.Remove(summary.Channel);
        else
            _channels[summary.Channel] = (summary, time.GetUtcNow());
        return Task.CompletedTask;
    }

    public Task<ChannelSummary[]> List()
    {
        var oldest = time.GetUtcNow() - (options.Value.IndexRenewal * Patience);
        foreach (var (channel, (_, seenAt)) in _channels)
        {
            if (seenAt < oldest)
                _channels.Remove(channel);
        }

        return Task.FromResult(_channels.Values.Select(line => line.Summary).OrderBy(summary => summary.Channel.Value, StringComparer.Ordinal).ToArray());
    }
}
