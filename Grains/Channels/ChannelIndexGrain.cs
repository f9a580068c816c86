using Hype.Grains.Abstractions.Channels;
using Microsoft.Extensions.Options;

namespace Hype.Grains.Channels;

/// <summary>
/// A shard of the list of channels. Those with people in them are soft state: a channel renews its line and a line that is not renewed
/// is forgotten, so that neither a lost shard nor a channel that died without a word needs repair. Those that were created by name are stored.
/// </summary>
internal sealed class ChannelIndexGrain(
    [PersistentState(ChannelIndexState.StorageName)] IPersistentState<ChannelIndexState> stored, IOptions<ChannelOptions> options, TimeProvider time)
    : Grain, IChannelIndexGrain
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

    public async Task Keep(ChannelId channel, bool created)
    {
        if (created ? stored.State.Channels.Add(channel) : stored.State.Channels.Remove(channel))
            await stored.WriteStateAsync();
    }

    public Task<ChannelSummary[]> List()
    {
        var oldest = time.GetUtcNow() - (options.Value.IndexRenewal * Patience);
        foreach (var (channel, (_, seenAt)) in _channels)
        {
            if (seenAt < oldest)
                _channels.Remove(channel);
        }

        var empty = stored.State.Channels.Where(channel => !_channels.ContainsKey(channel)).Select(channel => new ChannelSummary(channel, ChannelMode.P2P, default, ModeReason.Created, 0));
        return Task.FromResult(_channels.Values.Select(line => line.Summary).Concat(empty).OrderBy(summary => summary.Channel.Value, StringComparer.Ordinal).ToArray());
    }
}
