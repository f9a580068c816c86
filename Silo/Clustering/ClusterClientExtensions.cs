using Hype.Hosting.Telemetry;
using Microsoft.Extensions.Options;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace Hype.Silo.Clustering;

/// <summary>A process that calls grains and hosts none, which a gateway is in a cluster.</summary>
public static class ClusterClientExtensions
{
    /// <summary>Joins the cluster of <c>Hype:Cluster</c> as a client.</summary>
    /// <param name="builder">The process.</param>
    /// <param name="region">Where it stands: channels whose first member comes through it are placed near.</param>
    /// <param name="membershipChanged">
    /// Told whenever silos came or went. What they were about to tell this client went with them, so it should ask.
    /// </param>
    public static TBuilder AddHypeClusterClient<TBuilder>(
        this TBuilder builder, Func<IServiceProvider, string> region, Action<IServiceProvider> membershipChanged)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddHypeCluster();
        // Clients find this process at once, and it can say that it is not ready, before any silo is there.
        builder.Services.Configure<HostOptions>(host => host.ServicesStartConcurrently = true);
        builder.UseOrleansClient(client =>
        {
            client.UseRedisClustering(_ => { });
            client.Services.AddOptions<RedisClusteringOptions>().Configure<IOptions<ClusterOptions>>((redis, cluster) => RedisConnection.Configure(redis, cluster.Value.Redis));
            client.Services.AddOptions<Orleans.Configuration.ClusterOptions>().Configure<IOptions<ClusterOptions>>((orleans, cluster) =>
            {
                orleans.ClusterId = cluster.Value.ClusterId;
                orleans.ServiceId = cluster.Value.ServiceId;
            });
            client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2));
            client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(10));
            client.Configure<ConnectionOptions>(connections => connections.OpenConnectionTimeout = TimeSpan.FromSeconds(2));
            client.UseConnectionRetryFilter<PatientConnection>();
            client.AddGatewayCountChangedHandler(provider => (_, _) => membershipChanged(provider));
            client.AddOutgoingGrainCallFilter<CallRetry>();
            if (TelemetryHosting.ExportsTraces(builder.Configuration))
                client.AddActivityPropagation();
            client.Services.AddSingleton<IOutgoingGrainCallFilter>(provider => new RegionOfCaller(region(provider)));
            if (ClusterOptions.HasDashboard(builder.Configuration))
                client.AddDashboard(RuntimeDashboard.Configure);
        });
        return builder;
    }
}
