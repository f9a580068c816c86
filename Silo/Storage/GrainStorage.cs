using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Providers;
using Orleans.Serialization;
using Orleans.Storage;
using ClusterOptions = Hype.Clustering.ClusterOptions;

namespace Hype.Silo.Storage;

/// <summary>Stores grain state with Orleans' AdoNet provider: in a SQLite file of this process, or in the cluster's PostgreSQL.</summary>
internal static class GrainStorage
{
    /// <summary>
    /// The name under which Orleans' AdoNet provider is registered. Grains use it only through <see cref="NamedRows"/>, which is their
    /// default provider.
    /// </summary>
    private const string Rows = "rows";

    public static void Add(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(provider => new SqliteGrainDatabase(Path.GetFullPath(
            provider.GetRequiredService<IOptions<StorageOptions>>().Value.Path, builder.Environment.ContentRootPath)));
        builder.Services.AddSingleton(
            provider => new PostgreSqlGrainDatabase(provider.GetRequiredService<IOptions<StorageOptions>>().Value.PostgreSql));
    }

    public static void Use(ISiloBuilder silo)
    {
        silo.AddAdoNetGrainStorage(Rows, storage => storage.Configure<IServiceProvider>((options, provider) =>
        {
            if (ClusterOptions.IsEmbedded(provider.GetRequiredService<IOptions<ClusterOptions>>().Value.Provider))
                UseSqlite(options, provider.GetRequiredService<SqliteGrainDatabase>());
            else
                UsePostgreSql(options, provider.GetRequiredService<PostgreSqlGrainDatabase>());
            // docs/decisions/0002-grain-state-format.md
            options.GrainStorageSerializer = new OrleansGrainStorageSerializer(provider.GetRequiredService<Serializer>());
        }));
        silo.Services.AddKeyedSingleton<IGrainStorage>(
            ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME,
                (provider, _) => new NamedRows(provider.GetRequiredKeyedService<IGrainStorage>(Rows)));
        silo.Services.AddSingleton(
            provider => provider.GetRequiredKeyedService<IGrainStorage>(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME));
    }

    private static void UseSqlite(AdoNetGrainStorageOptions storage, SqliteGrainDatabase database)
    {
        database.Prepare();
        storage.Invariant = SqliteGrainDatabase.Invariant;
        storage.ConnectionString = database.ConnectionString;
    }

    private static void UsePostgreSql(AdoNetGrainStorageOptions storage, PostgreSqlGrainDatabase database)
    {
        storage.Invariant = PostgreSqlGrainDatabase.Invariant;
        storage.ConnectionString = database.ConnectionString;
    }
}
