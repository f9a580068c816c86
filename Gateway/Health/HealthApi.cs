using System.Reflection;
using Hype.Clustering;
using Hype.Gateway.Auth;
using Hype.Gateway.Cluster;
using Hype.Gateway.Configuration;
using Hype.Gateway.Control.Models;
using Hype.Gateway.Signaling.Replica;
using Hype.Grains.Abstractions.Channels;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Health;

/// <summary>Serves a summary of the deployment's state.</summary>
internal static class HealthApi
{
    public static readonly string Version =
        typeof(HealthApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static void MapHealth(this IEndpointRouteBuilder api) => api.MapGet("/health", GetAsync).RequireAdministratorToRead();

    private static async Task<Ok<HealthDetails>> GetAsync(
        GrainAccess grains,
        SessionRegistry registry,
        RegionNames regions,
        IOptions<GatewayOptions> gateway,
        IOptions<ClusterOptions> cluster)
    {
        var nodes = Task.WhenAll(regions.All.Select(region => NodesOf(region, grains)));
        var channels = await grains.LiveChannels();
        return TypedResults.Ok(new HealthDetails(
            Version,
            new ClusterDetails(cluster.Value.Provider),
            new GatewayDetails(gateway.Value.GatewayId, gateway.Value.Region, registry.Sockets.Length),
            await nodes,
            new ChannelCounts(
                channels.Count(channel => channel is { Mode: ChannelMode.P2P, Participants: > 0 }),
                channels.Count(channel => channel is { Mode: ChannelMode.Sfu, Participants: > 0 })),
            channels.Sum(channel => channel.Participants)));
    }

    private static async Task<RegionDetails> NodesOf(RegionId region, GrainAccess grains) =>
        new(region.Value, [.. (await grains.Ask(grains.Region(region).GetNodes())).Select(NodeDetails.From)]);
}
