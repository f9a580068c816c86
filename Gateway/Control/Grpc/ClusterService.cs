using Grpc.Core;
using Hype.Clustering;
using Hype.Gateway.Cluster;
using Hype.Gateway.Health;
using Hype.Grains.Abstractions.Channels;
using Microsoft.Extensions.Options;
using Proto = Hype.Control.V1;

namespace Hype.Gateway.Control.Grpc;

/// <summary>Reports a summary of the deployment, and its regions, over gRPC.</summary>
internal sealed class ClusterService(
    GrainAccess grains, RegionNames regions, RegionGateways gateways, IOptions<ClusterOptions> cluster) : Proto.Cluster.ClusterBase
{
    public override async Task<Proto.Summary> GetSummary(Proto.GetSummaryRequest request, ServerCallContext context)
    {
        var nodes = NodeQueries.AllAsync(grains, regions);
        var channels = await grains.LiveChannels();
        return new Proto.Summary
        {
            Version = HealthApi.Version,
            Provider = cluster.Value.Provider,
            ChannelsP2P = (uint)channels.Count(channel => channel is { Mode: ChannelMode.P2P, Participants: > 0 }),
            ChannelsSfu = (uint)channels.Count(channel => channel is { Mode: ChannelMode.Sfu, Participants: > 0 }),
            Participants = (uint)channels.Sum(channel => channel.Participants),
            Nodes = (uint)(await nodes).Length,
        };
    }

    public override async Task<Proto.ListRegionsReply> ListRegions(Proto.ListRegionsRequest request, ServerCallContext context)
    {
        var nodes = await NodeQueries.AllAsync(grains, regions);
        return new Proto.ListRegionsReply
        {
            Regions =
            {
                regions.All.Select(region => new Proto.Region
                {
                    Id = region.Value,
                    Gateways = { gateways.All.Where(gateway => gateway.Region == region.Value).Select(gateway => gateway.Url) },
                    Nodes = { nodes.Where(node => node.Registration.Region == region).Select(Wire.Write) },
                }),
            },
        };
    }
}
