using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Regions;

namespace Hype.Grains.Tests.Testing;

/// <summary>A region that places rooms on the first of its nodes that is not avoided.</summary>
internal sealed class FakeRegion(RegionId region, params MediaNodeId[] nodes) : IRegionGrain
{
    public Task Report(NodeStatus node) => Task.CompletedTask;

    public Task Remove(MediaNodeId node) => Task.CompletedTask;

    public Task<PlacementResult> Place(ChannelId channel, MediaNodeId? sticky, MediaNodeId[] avoid) =>
        Task.FromResult(nodes.Except(avoid).ToArray() is [var first, ..]
            ? new PlacementResult(first, region, PlacementReason.LessLoadedOfTwo)
            : new PlacementResult(null, region));

    public Task<NodeStatus[]> GetNodes() => Task.FromResult(Array.Empty<NodeStatus>());
}
