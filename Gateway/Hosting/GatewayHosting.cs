using Hype.Clustering;
using Hype.Gateway.Admin;
using Hype.Gateway.Auth;
using Hype.Gateway.Cluster;
using Hype.Gateway.Configuration;
using Hype.Gateway.Control;
using Hype.Gateway.Control.Grpc;
using Hype.Gateway.Control.Models;
using Hype.Gateway.Control.Rest;
using Hype.Gateway.Errors;
using Hype.Gateway.Health;
using Hype.Gateway.Limits;
using Hype.Gateway.NodeRegistry;
using Hype.Gateway.Pages;
using Hype.Gateway.Signaling;
using Hype.Gateway.Signaling.Renewal;
using Hype.Gateway.Signaling.Replica;
using Hype.Gateway.Signaling.Socket;
using Hype.Grains.Abstractions.Channels;
using Hype.Hosting.Certificates;
using Hype.Hosting.Options;
using Hype.Hosting.Telemetry;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Hosting;

/// <summary>Composes a gateway, which serves clients, back-office servers, administrators and media nodes.</summary>
internal static class GatewayHosting
{
    public static WebApplicationBuilder AddHypeGateway(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddHypeOptions<GatewayOptions, GatewayOptionsValidator>(GatewayOptions.Section);
        services.AddHypeCluster();
        builder.AddHypeTelemetry("hype-gateway");
        services.Configure<ChannelLimits>(builder.Configuration.GetSection(ChannelLimits.Section));

        // The panel comes from the project's folder during development, from wwwroot when published.
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // A watch is silent while nothing happens: an idle connection is pinged, and closed when the ping is not answered.
            kestrel.Limits.Http2.KeepAlivePingDelay = Heartbeat.Interval;
        });
        services.AddOptions<KestrelServerOptions>().Configure<IConfiguration>(Listen);
        services.AddSingleton<OriginPolicy>();
        services.AddSingleton<RegionNames>();
        services.AddRegionGateways();
        services.AddSingleton<GrainAccess>();
        services.AddHostedService<StartMessage>();

        services.AddLimits();
        AddSignaling(services);
        services.AddAuth(builder.Environment);
        services.AddAdmin();
        services.AddPageSecurity();
        AddControl(services);
        return builder;
    }

    public static void MapHypeGateway(this WebApplication app)
    {
        app.UseHypeMetrics();
        app.UseClientAddresses();
        app.UseTlsAddress();
        app.UsePageSecurity();
        app.UseStatusCodePages();
        // CORS comes before the files: pages of other origins import the SDK.
        app.UseCors();
        app.UseDefaultFiles();
        // Files are revalidated at each load, so that a page never mixes modules of two versions.
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache" });
        app.UseRouting();
        app.UseExactRouteValues();
        // The limiter comes before the verification of tokens: a flood of wrong ones costs no signature.
        app.UseRateLimiter();
        app.UseAdminSession();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseWebSockets();

        app.MapSignaling();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready");
        app.MapControlServices();

        var api = app.MapGroup("/api/voice").AddEndpointFilter<RouteGroupBuilder, GrainFailureFilter>();
        api.MapHealth();
        api.MapChannels();
        api.MapParticipants();
        api.MapBans();
        api.MapRestrictions();
        api.MapTokens();
        api.MapRegions();
        api.MapNodes();
        api.MapIdentities();
        if (app.Environment.IsDevelopment())
            api.MapGuestTokens();
        app.MapAdmin(api);
        app.MapOpenApi(OpenApiDocument.Path).RequireModeratorToRead();
    }

    /// <summary>Returns this gateway's region, near which new grains are placed.</summary>
    public static string OwnRegion(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<GatewayOptions>>().Value.Region;

    /// <summary>
    /// Requests snapshots of all channels after the set of silos has changed: the last event of a channel may be lost with its silo, and
    /// no later event reveals the loss.
    /// </summary>
    public static void RequestAllSnapshots(IServiceProvider provider) =>
        provider.GetRequiredService<SessionRegistry>().RequestAllSnapshots();

    /// <summary>
    /// Sets the listening addresses without validation: Kestrel is configured while the application is built, which is too early to stop
    /// for an invalid address. The validator reports it before any address is opened.
    /// </summary>
    private static void Listen(KestrelServerOptions kestrel, IConfiguration configuration)
    {
        var section = configuration.GetSection(GatewayOptions.Section);
        var defaults = new GatewayOptions();
        // The media node of the embedded mode uses the last address.
        kestrel.ListenAt(section[nameof(GatewayOptions.Url)] ?? defaults.Url, endpoint => endpoint.Protocols = HttpProtocols.Http1);
        kestrel.ListenForMetrics(section[nameof(GatewayOptions.MetricsUrl)] ?? defaults.MetricsUrl);
        var tls = configuration.GetSection(TlsOptions.Section).Get<TlsOptions>() ?? new TlsOptions();
        if (tls.Url is { Length: > 0 } https && PemFiles.ReadServer(tls.Certificate, tls.Key, out var certificate) is null)
            kestrel.ListenAt(https, endpoint => TlsAddress.Serve(endpoint, tls, certificate!));
        kestrel.ListenAt(
            section[nameof(GatewayOptions.GrpcUrl)] ?? defaults.GrpcUrl, endpoint => endpoint.Protocols = HttpProtocols.Http2);
    }

    private static void AddSignaling(IServiceCollection services)
    {
        services.AddHypeOptions<SignalingOptions, SignalingOptionsValidator>(SignalingOptions.Section);
        services.AddMetrics();
        services.AddSingleton<SignalingMetrics>();
        services.AddSingleton<ClientMetrics>();
        services.AddSingleton<ReplicaMetrics>();
        services.AddSingleton<SessionRegistry>();
        services.AddSingleton<IGatewayObserver, GatewayObserver>();
        services.AddSingleton<IceServers>();
        services.AddSingleton<WelcomeWriter>();
        services.AddSingleton<JoinAuthorizer>();
        services.AddHostedService<ChannelSync>();
        services.AddHostedService<SocketShutdown>();
    }

    private static void AddControl(IServiceCollection services)
    {
        services.AddHypeOptions<NodeRegistryOptions, NodeRegistryOptionsValidator>(NodeRegistryOptions.Section);
        services.AddControlServices();
        services.AddSingleton<ChannelWatch>();
        services.AddOpenApi(OpenApiDocument.Name, OpenApiDocument.Configure);
        services.AddSingleton<NodeStreamMetrics>();
        services.AddSingleton<NodeRegistryService>();
        services.AddSingleton<ClusterContact>();
        services.AddHostedService(provider => provider.GetRequiredService<ClusterContact>());
        services.AddHealthChecks().AddCheck<ClusterCheck>(ClusterCheck.Name);
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = Problems.Customize);
        services.ConfigureHttpJsonOptions(ApiJsonContext.Use);
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = false);
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<OriginPolicy>((cors, origins) =>
            cors.AddDefaultPolicy(policy => policy.SetIsOriginAllowed(origins.Admits).AllowAnyHeader().AllowAnyMethod()));
    }
}
