using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Clustering.Redis;
using StackExchange.Redis;

namespace Hype.Clustering;

/// <summary>
/// Configures the membership table in Redis for silos and gateways. A running cluster depends on it only when a process joins, leaves or
/// dies, so an unavailable Redis must neither stop nor delay any process.
/// </summary>
public static class RedisMembership
{
    /// <summary>Configures an Orleans silo or client with the Redis connection and the names of <see cref="ClusterOptions"/>.</summary>
    public static void Configure(IServiceCollection services)
    {
        services.AddOptions<RedisClusteringOptions>()
            .Configure<IOptions<ClusterOptions>>((redis, cluster) => Connect(redis, cluster.Value.Redis));
        services.AddOptions<Orleans.Configuration.ClusterOptions>().Configure<IOptions<ClusterOptions>>((orleans, cluster) =>
        {
            orleans.ClusterId = cluster.Value.ClusterId;
            orleans.ServiceId = cluster.Value.ServiceId;
        });
    }

    private static void Connect(RedisClusteringOptions clustering, string connection)
    {
        var options = ConfigurationOptions.Parse(connection);
        // Reconnect in the background, at start-up too: each caller decides whether a missing connection is fatal.
        options.AbortOnConnectFail = false;
        // Fail at once instead of queueing: Orleans asks again in its next period, and answers to old questions are useless.
        options.BacklogPolicy = BacklogPolicy.FailFast;
        clustering.ConfigurationOptions = options;
    }
}
