using Hype.Clustering.Tls;
using Hype.Hosting.Options;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Hype.Clustering;

/// <summary>Registers the cluster's options and the serialization of exceptions, for silos and gateways alike.</summary>
public static class ClusterHostingExtensions
{
    /// <summary>
    /// Namespaces whose exceptions keep their type on the way from a silo to a gateway: the gateway then recognises an unavailable
    /// database, and asks the client to try again.
    /// </summary>
    private static readonly string[] StorePrefixes = ["Npgsql", "StackExchange.Redis"];

    /// <summary>
    /// Binds and validates <c>Hype:Cluster</c> and <c>Hype:ClusterTls</c>. In a process with both a silo and a gateway, the second call
    /// changes nothing.
    /// </summary>
    public static void AddHypeCluster(this IServiceCollection services)
    {
        services.AddHypeOptions<ClusterOptions, ClusterOptionsValidator>(ClusterOptions.Section);
        services.AddHypeOptions<ClusterTlsOptions, ClusterTlsOptionsValidator>(ClusterTlsOptions.Section);
        services.Configure<ExceptionSerializationOptions>(exceptions => exceptions.SupportedNamespacePrefixes.UnionWith(StorePrefixes));
    }
}
