using Hype.Clustering.Tls;
using Hype.Hosting.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Messaging;

namespace Hype.Clustering;

/// <summary>Adds the grain client to a process that calls grains and hosts none, such as a gateway in a cluster.</summary>
public static class ClusterClientExtensions
{
    /// <summary>
    /// The interval at which a client reads the list of silos. A silo that died without closing its connections gets calls until the list
    /// does not contain it any longer.
    /// </summary>
    private static readonly TimeSpan SiloListRefreshPeriod = TimeSpan.FromMilliseconds(500);

    /// <summary>Adds an Orleans client that connects to the cluster of <c>Hype:Cluster</c>.</summary>
    /// <param name="builder">The process.</param>
    /// <param name="region">The region of this process: a channel is placed near its first member.</param>
    /// <param name="membershipChanged">
    /// Called whenever silos joined or left. Events that such a silo had not yet sent to this client are lost, so the client should ask
    /// for the current state.
    /// </param>
    public static TBuilder AddHypeClusterClient<TBuilder>(
        this TBuilder builder, Func<IServiceProvider, string> region, Action<IServiceProvider> membershipChanged)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddHypeCluster();
        // The process listens at once, and reports that it is not ready, before any silo is up.
        builder.Services.Configure<HostOptions>(host => host.ServicesStartConcurrently = true);
        builder.UseOrleansClient(client =>
        {
            client.UseRedisClustering(_ => { });
            RedisMembership.Configure(client.Services);
            ClusterTls.UseForClient(client.Services);
            client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = SiloListRefreshPeriod);
            client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(10));
            client.Configure<ConnectionOptions>(connections => connections.OpenConnectionTimeout = TimeSpan.FromSeconds(2));
            client.UseConnectionRetryFilter<ConnectionRetry>();
            client.Services.AddSingleton<SiloLosses>();
            client.AddGatewayCountChangedHandler(provider => (_, change) =>
            {
                if (change.NumberOfConnectedGateways < change.PreviousNumberOfConnectedGateways)
                    provider.GetRequiredService<SiloLosses>().Report();
                membershipChanged(provider);
            });
            WatchSilos(client.Services, membershipChanged);
            client.AddOutgoingGrainCallFilter<CallRetry>();
            if (TelemetryHosting.ExportsTraces(builder.Configuration))
                client.AddActivityPropagation();
            client.Services.AddSingleton<IOutgoingGrainCallFilter>(provider => new CallerRegionFilter(region(provider)));
            if (ClusterOptions.HasDashboard(builder.Configuration))
                client.AddDashboard(RuntimeDashboard.Configure);
        });
        return builder;
    }

    /// <summary>Replaces the provider of the silos' list by a <see cref="SiloListWatch"/> around it.</summary>
    private static void WatchSilos(IServiceCollection services, Action<IServiceProvider> membershipChanged)
    {
        var list = services.Last(service => service.ServiceType == typeof(IGatewayListProvider)).ImplementationType!;
        services.AddSingleton<IGatewayListProvider>(provider => new SiloListWatch(
            (IGatewayListProvider)ActivatorUtilities.CreateInstance(provider, list),
            provider.GetRequiredService<TimeProvider>(),
            () =>
            {
                provider.GetRequiredService<SiloLosses>().Report();
                membershipChanged(provider);
            }));
    }
}
