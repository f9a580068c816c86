using Hype.Gateway.Cluster;
using Hype.Grains.Abstractions.Channels;

namespace Hype.Gateway.Control;

/// <summary>Reads the list of live channels, one page at a time.</summary>
internal static class ChannelPages
{
    /// <summary>Reads one page of the list, ordered by channel id.</summary>
    /// <param name="grains">Access to the shards of the index.</param>
    /// <param name="after">The last id of the previous page.</param>
    /// <param name="prefix">The beginning of the ids.</param>
    /// <param name="limit">The size of a page.</param>
    /// <param name="mayModerate">True for a channel that the caller moderates; other channels are left out.</param>
    public static async Task<ChannelSummary[]> ReadAsync(
        GrainAccess grains, string after, string prefix, int limit, Predicate<ChannelId> mayModerate) =>
    [
        .. (await grains.LiveChannels())
            .Where(summary => string.CompareOrdinal(summary.Channel.Value, after) > 0)
            .Where(summary => summary.Channel.Value.StartsWith(prefix, StringComparison.Ordinal) && mayModerate(summary.Channel))
            .OrderBy(summary => summary.Channel.Value, StringComparer.Ordinal)
            .Take(limit),
    ];
}
