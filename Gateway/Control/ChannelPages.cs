using Hype.Gateway.Cluster;
using Hype.Grains.Abstractions.Channels;

namespace Hype.Gateway.Control;

/// <summary>The list of channels, a page at a time.</summary>
internal static class ChannelPages
{
    /// <param name="grains">The shards of the index are asked.</param>
    /// <param name="after">Ids above this one.</param>
    /// <param name="prefix">Of the id.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="mayModerate">Others are not shown.</param>
    public static async Task<ChannelSummary[]> ReadAsync(GrainAccess grains, string after, string prefix, int limit, Predicate<ChannelId> mayModerate) =>
    [
        .. (await grains.LiveChannels())
            .Where(summary => string.CompareOrdinal(summary.Channel.Value, after) > 0 && summary.Channel.Value.StartsWith(prefix, StringComparison.Ordinal) && mayModerate(summary.Channel))
            .OrderBy(summary => summary.Channel.Value, StringComparer.Ordinal)
            .Take(limit),
    ];
}
