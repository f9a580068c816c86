using Hype.Clustering;
using Hype.Clustering.Tls;
using Hype.Grains.Hosting;
using Hype.Grains.Placement;
using Hype.Hosting.Options;
using Hype.Hosting.Telemetry;
using Hype.Silo.Clustering;
using Hype.Silo.Storage;
using Orleans.Dashboard;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Hype.Silo.Hosting;

/// <summary>
/// Adds a silo to this process. It is the only part of the program <c>Silo</c>; in the embedded mode it runs beside a gateway and a media
/// node.
/// </summary>
public static class SiloHostingExtensions
{
    public static TBuilder AddHypeSilo<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddHypeGrains();
        builder.Services.AddHypeCluster();
        builder.Services.AddHypeOptions<StorageOptions, StorageOptionsValidator>(StorageOptions.Section);
        builder.Services.AddHypeOptions<SiloOptions, SiloOptionsValidator>(SiloOptions.Section);
        GrainStorage.Add(builder);
        builder.UseOrleans(silo =>
        {
            // Read as text: Orleans is configured while the application is built, before options are validated.
            var options = builder.Configuration.GetSection(SiloOptions.Section);
            if (ClusterOptions.IsEmbedded(builder.Configuration))
                UseOneSilo(silo, options);
            else
                UseCluster(silo);
            var region = options[nameof(SiloOptions.Region)] ?? new SiloOptions().Region;
            silo.UseSiloMetadata(new Dictionary<string, string> { [RegionPlacement.MetadataKey] = region });
            silo.AddOutgoingGrainCallFilter<CallRetry>();
            silo.AddHypeGrainMetrics();
            if (TelemetryHosting.ExportsTraces(builder.Configuration))
                silo.AddActivityPropagation();
            GrainStorage.Use(silo);
            if (ClusterOptions.HasDashboard(builder.Configuration))
                silo.AddDashboard(RuntimeDashboard.Configure);
        });
        return builder;
    }

    /// <summary>Configures a silo of a cluster: membership in Redis, and TLS if it is configured.</summary>
    private static void UseCluster(ISiloBuilder silo)
    {
        SiloMembership.Use(silo);
        ClusterTls.UseForSilo(silo.Services);
    }

    /// <summary>Configures a single silo: membership in memory, ports on loopback.</summary>
    private static void UseOneSilo(ISiloBuilder silo, IConfigurationSection options)
    {
        var free = FreePorts.Find(2);
        silo.UseLocalhostClustering(Port(nameof(SiloOptions.SiloPort), free[0]), Port(nameof(SiloOptions.GatewayPort), free[1]),
            serviceId: "hype", clusterId: "hype");

        int Port(string name, int freePort) => int.TryParse(options[name], out var port) && port is > 0 and <= ushort.MaxValue ? port
            : freePort;
    }
}
