using Hype.Grains.Hosting;
using Microsoft.Extensions.Options;

namespace Hype.Silo.Clustering;

/// <summary>What every process of a cluster has in common.</summary>
public static class ClusterHostingExtensions
{
    /// <summary>Binds and validates <c>Hype:Cluster</c>. A silo beside a gateway may ask for it twice.</summary>
    public static void AddHypeCluster(this IServiceCollection services)
    {
        if (!services.Any(service => service.ServiceType == typeof(IValidateOptions<ClusterOptions>)))
            services.AddOptionsOf<ClusterOptions, ClusterOptionsValidator>(ClusterOptions.Section);
    }
}
