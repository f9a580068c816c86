using Orleans.Clustering.Redis;
using StackExchange.Redis;

namespace Hype.Silo.Clustering;

/// <summary>
/// How silos and gateways reach the list of members. A cluster that runs does not need it: it is read when someone joins, leaves or
/// dies. So a Redis that is away must neither stop anyone nor hold anyone up.
/// </summary>
internal static class RedisConnection
{
    public static void Configure(RedisClusteringOptions clustering, string connection)
    {
        var options = ConfigurationOptions.Parse(connection);
        // Connect again and again in the background, at start too: whether that is fatal is for the one who asks to say.
        options.AbortOnConnectFail = false;
        // What cannot be asked now fails now: Orleans asks again at its next period, and a queue of old questions would help nobody.
        options.BacklogPolicy = BacklogPolicy.FailFast;
        clustering.ConfigurationOptions = options;
    }
}
