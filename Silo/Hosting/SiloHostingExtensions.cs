using Hype.Grains.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using Orleans.Storage;

namespace Hype.Silo.Hosting;

/// <summary>A silo in this process: by itself in <c>Silo</c>, beside a gateway and a media node in the embedded mode.</summary>
public static class SiloHostingExtensions
{
    /// <summary>Names this cluster's rows in the database: change it and all state is another cluster's.</summary>
    private const string ServiceId = "hype";

    public static TBuilder AddHypeSilo<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddHypeGrains();
        builder.Services.AddOptionsOf<StorageOptions, StorageOptionsValidator>(StorageOptions.Section);
        builder.Services.AddOptionsOf<SiloOptions, SiloOptionsValidator>(SiloOptions.Section);
        builder.Services.AddSingleton(provider => new SqliteGrainDatabase(Path.GetFullPath(
            provider.GetRequiredService<IOptions<StorageOptions>>().Value.Path, builder.Environment.ContentRootPath)));
        builder.UseOrleans(silo =>
        {
            var options = builder.Configuration.GetSection(SiloOptions.Section).Get<SiloOptions>() ?? new SiloOptions();
            var free = FreePorts.Find(2);
            var siloPort = options.SiloPort == 0 ? free[0] : options.SiloPort;
            silo.UseLocalhostClustering(siloPort, options.GatewayPort == 0 ? free[1] : options.GatewayPort, serviceId: ServiceId, clusterId: ServiceId);
            silo.AddAdoNetGrainStorageAsDefault(storage => storage.Configure<IServiceProvider>((storage, provider) =>
            {
                var database = provider.GetRequiredService<SqliteGrainDatabase>();
                database.Prepare();
                storage.Invariant = SqliteGrainDatabase.Invariant;
                storage.ConnectionString = database.ConnectionString;
                // docs/decisions/0002-grain-state-format.md
                storage.GrainStorageSerializer = new OrleansGrainStorageSerializer(provider.GetRequiredService<Serializer>());
            }));
        });
        return builder;
    }
}
