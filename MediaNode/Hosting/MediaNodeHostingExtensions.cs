using System.Threading.Channels;
using Hype.Hosting.Options;
using Hype.Hosting.Telemetry;
using Hype.MediaNode.Configuration;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Health;
using Hype.MediaNode.NodeState;
using Hype.MediaNode.Orders;
using Hype.MediaNode.Registration;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Tickets;
using Hype.MediaNode.Workers;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Hype.MediaNode.Hosting;

/// <summary>Adds a media node to a process, as its only role or inside a gateway.</summary>
public static class MediaNodeHostingExtensions
{
    /// <summary>
    /// Adds a media node as a process of its own: it listens at its configured URL and registers at its configured gateways.
    /// </summary>
    public static WebApplicationBuilder AddHypeMediaNode(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<MediaNodeOptions>>().Value;
            return new ControlPlane(options.ControlUrl, options.Gateways, options.JoinSecret);
        });
        builder.Services.AddSingleton(provider => new DrainingLifetime(
            new Lazy<NodeDrain>(provider.GetRequiredService<NodeDrain>), provider.GetRequiredService<IHostApplicationLifetime>()));
        builder.Services.AddSingleton<IHostLifetime>(provider => provider.GetRequiredService<DrainingLifetime>());
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IConfiguration>(Listen);
        builder.AddHypeTelemetry("hype-media-node");
        builder.Services.AddHealthChecks().AddCheck<ContactCheck>("control plane");
        return builder.AddMediaNode(MediaNodeRole.Process);
    }

    /// <summary>Adds a media node inside a gateway: it takes orders and registers at the gateway's own gRPC port.</summary>
    /// <param name="builder">The gateway's builder.</param>
    /// <param name="gateway">The gateway's configured gRPC address, whose port may be 0, and its join secret.</param>
    public static WebApplicationBuilder AddEmbeddedHypeMediaNode(
        this WebApplicationBuilder builder, Func<IServiceProvider, (string GrpcUrl, string JoinSecret)> gateway)
    {
        builder.Services.AddSingleton(provider =>
        {
            var (grpcUrl, joinSecret) = gateway(provider);
            return new ControlPlane(grpcUrl, [], joinSecret);
        });
        return builder.AddMediaNode(MediaNodeRole.Embedded);
    }

    /// <summary>Maps the gRPC service of <c>media_node.proto</c>, which executes node orders.</summary>
    public static void MapHypeMediaNode(this WebApplication app) => app.MapGrpcService<MediaNodeService>();

    private static WebApplicationBuilder AddMediaNode(this WebApplicationBuilder builder, MediaNodeRole role)
    {
        var services = builder.Services;
        services.AddMetrics();
        services.AddSingleton<ControlMetrics>();
        services.AddSingleton<ControlTokenInterceptor>();
        // Only for this service: in the embedded mode the gateway's services share the server.
        services.AddGrpc().AddServiceOptions<MediaNodeService>(grpc => grpc.Interceptors.Add<ControlTokenInterceptor>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddHypeOptions(MediaNodeOptions.Section, new MediaNodeOptionsValidator(role));
        services.AddSingleton(provider => new NodeIdentity(provider.GetRequiredService<IOptions<MediaNodeOptions>>().Value.NodeId));
        services.AddSingleton<ListeningAddress>();
        services.AddSingleton<AnnouncedAddresses>();
        services.AddSingleton<DtlsContextCache>();
        services.AddSingleton<ControlContact>();
        services.AddSingleton<RoomDirectory>();
        services.AddSingleton<OrderExecutor>();
        services.AddSingleton<RoomEventQueue>();
        services.AddSingleton<ChannelWriter<RoomEvent>>(provider => provider.GetRequiredService<RoomEventQueue>());
        services.AddSingleton<NodeLoadMeter>();
        services.AddSingleton<NodeDrain>();
        services.AddSingleton<Warmup>();
        services.AddSingleton<NodeDescription>();
        services.AddSingleton<RegistryStreams>();
        services.AddSingleton<WorkerPool>();
        services.AddHostedService(provider => provider.GetRequiredService<WorkerPool>());
        services.AddHostedService<NodeRegistration>();
        services.AddHostedService<MediaMetrics>();
        return builder;
    }

    // Read as text: the server is configured before the options are validated, and the validator reports an invalid address.
    private static void Listen(KestrelServerOptions kestrel, IConfiguration configuration)
    {
        var section = configuration.GetSection(MediaNodeOptions.Section);
        var defaults = new MediaNodeOptions();
        kestrel.ListenForMetrics(section[nameof(MediaNodeOptions.MetricsUrl)] ?? defaults.MetricsUrl);
        // The last one: ListeningAddress expects it there.
        kestrel.ListenAt(
            section[nameof(MediaNodeOptions.ControlUrl)] ?? defaults.ControlUrl, endpoint => endpoint.Protocols = HttpProtocols.Http2);
    }
}
