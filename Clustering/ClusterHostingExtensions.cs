using Hype.Hosting.Options;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Networking.Shared;
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
    /// Idle connections between silos, and between gateways and silos, end after 2 s without an answer to a TCP keep-alive: a host that
    /// vanished sends no FIN. Orleans' defaults would take 6.5 min.
    /// </summary>
    private const int KeepAliveSeconds = 1;
    private const int KeepAliveTries = 2;

    /// <summary>
    /// Binds and validates <c>Hype:Cluster</c>. In a process with both a silo and a gateway, the second call changes nothing.
    /// </summary>
    public static void AddHypeCluster(this IServiceCollection services)
    {
        services.AddHypeOptions<ClusterOptions, ClusterOptionsValidator>(ClusterOptions.Section);
        services.Configure<ExceptionSerializationOptions>(exceptions => exceptions.SupportedNamespacePrefixes.UnionWith(StorePrefixes));
        services.Configure<SocketConnectionOptions>(sockets =>
        {
            sockets.KeepAliveTimeSeconds = KeepAliveSeconds;
            sockets.KeepAliveIntervalSeconds = KeepAliveSeconds;
            sockets.KeepAliveRetryCount = KeepAliveTries;
        });
    }
}
