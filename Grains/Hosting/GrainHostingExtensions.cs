using Hype.Grains.Channels.Options;
using Hype.Grains.Diagnostics;
using Hype.Grains.Gateways;
using Hype.Grains.MediaNodes;
using Hype.Grains.Placement;
using Hype.Grains.Regions;
using Hype.Grains.Sessions;
using Hype.Grains.Silos;
using Hype.Grains.Webhooks;
using Hype.Hosting.Options;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Placement;

namespace Hype.Grains.Hosting;

/// <summary>Extension methods that register the grains, and the services that they need, with a silo.</summary>
public static class GrainHostingExtensions
{
    public static IServiceCollection AddHypeGrains(this IServiceCollection services)
    {
        services.AddHypeOptions<ChannelOptions, ChannelOptionsValidator>(ChannelOptions.Section);
        services.AddHypeOptions<ParticipantOptions, ParticipantOptionsValidator>(ParticipantOptions.Section);
        services.AddHypeOptions<NodeLeaseOptions, NodeLeaseOptionsValidator>(NodeLeaseOptions.Section);
        services.AddHypeOptions<GatewayLeaseOptions, GatewayLeaseOptionsValidator>(GatewayLeaseOptions.Section);
        services.AddHypeOptions<PlacementOptions, PlacementOptionsValidator>(PlacementOptions.Section);
        services.AddHypeOptions<RegionOptions, RegionOptionsValidator>(RegionOptions.Section);
        services.AddHypeOptions<WebhookOptions, WebhookOptionsValidator>(WebhookOptions.Section);

        services.AddPlacementFilter<RegionPlacement, RegionPlacementDirector>(ServiceLifetime.Singleton);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IMediaNodeClientFactory, GrpcMediaNodeClientFactory>();
        services.TryAddSingleton<GrainMetrics>();
        services.TryAddSingleton<IMembershipGate, OpenGate>();
        services.TryAddSingleton<GatewayLeases>();
        services.AddHostedService<GatewayLeaseRenewal>();
        services.TryAddSingleton<IPlacementPolicy>(new StickyPlacement(new LessLoadedOfTwo(Random.Shared)));
        services.TryAddSingleton(provider => new NodePlacement(
            provider.GetRequiredService<IPlacementPolicy>(), provider.GetRequiredService<IOptions<PlacementOptions>>().Value));
        AddWebhooks(services);
        return services;
    }

    /// <summary>Adds the filter that measures the duration of calls to the grains of this silo.</summary>
    public static void AddHypeGrainMetrics(this ISiloBuilder silo) => silo.AddIncomingGrainCallFilter<GrainCallMetrics>();

    private static void AddWebhooks(IServiceCollection services)
    {
        services.AddHttpClient(WebhookSender.Client)
            // Each receiver has its own timeout.
            .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan)
            // A redirect would send a message that is signed for one receiver to another one.
            .ConfigurePrimaryHttpMessageHandler(
                () => new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) })
            .RemoveAllLoggers();
        services.TryAddSingleton<WebhookReceivers>();
        services.TryAddSingleton<WebhookSender>();
        services.AddHostedService<WebhookWaker>();
    }
}
