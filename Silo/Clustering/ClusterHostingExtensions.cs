using Hype.Grains.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Serialization;

namespace Hype.Silo.Clustering;

/// <summary>What every process of a cluster has in common.</summary>
public static class ClusterHostingExtensions
{
    /// <summary>
    /// Whose exceptions travel from a silo to a gateway as what they are: a database that is away is then known for one, and the client
    /// told that it may try again.
    /// </summary>
    private static readonly string[] StorePrefixes = ["Npgsql", "StackExchange.Redis"];

    /// <summary>Binds and validates <c>Hype:Cluster</c>. A silo beside a gateway may ask for it twice.</summary>
    public static void AddHypeCluster(this IServiceCollection services)
    {
        if (!services.Any(service => service.ServiceType == typeof(IValidateOptions<ClusterOptions>)))
            services.AddOptionsOf<ClusterOptions, ClusterOptionsValidator>(ClusterOptions.Section);
        services.Configure<ExceptionSerializationOptions>(exceptions => exceptions.SupportedNamespacePrefixes.UnionWith(StorePrefixes));
    }
}
