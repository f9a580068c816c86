using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Regions;
using Hype.Grains.Placement;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Hype.Grains.Regions;

/// <summary>
/// The nodes of a region, as soft state: each renews its line every second, so that a list lost with its silo is whole again a
/// second later, and nothing needs to be stored. Reentrant, as two regions may ask each other.
/// </summary>
[Reentrant]
internal sealed class RegionGrain(NodePlacement placement, IOptions<RegionOptions> options, TimeProvider time) : Grain, IRegionGrain
{
    private readonly Dictionary<MediaNodeId, (NodeStatus Status, DateTimeOffset SeenAt)> _nodes = [];

    private string Name => this.GetPrimaryKeyString();

    public Task Report(NodeStatus node)
    {
        _nodes[node.Registration.Node] = (node, time.GetUtcNow());
        return Task.CompletedTask;
    }

    public Task Remove(MediaNodeId node)
    {
        _nodes.Remove(node);
        return Task.CompletedTask;
    }

    public async Task<PlacementResult> Place(ChannelId channel, MediaNodeId? sticky, MediaNodeId[] avoid)
    {
        var everywhere = new List<NodeStatus>(Live());
        var chosen = placement.WithRoom(everywhere, sticky, avoid);
        foreach (var neighbour in options.Value.Nearest.GetValueOrDefault(Name) ?? [])
        {
            if (chosen is not null)
                break;

            var nodes = await GrainFactory.GetGrain<IRegionGrain>(neighbour).GetNodes();
            everywhere.AddRange(nodes);
            chosen = placement.WithRoom(nodes, sticky, avoid);
        }

        chosen ??= placement.Crowded(everywhere, avoid);
        return chosen is null
            ? new PlacementResult(VoiceError.NoMediaNode, default, new RegionId(Name))
            : new PlacementResult(VoiceError.None, chosen.Registration.Node, chosen.Registration.Region);
    }

    public Task<NodeStatus[]> GetNodes() => Task.FromResult(Live().ToArray());

    private IEnumerable<NodeStatus> Live()
    {
        var oldest = time.GetUtcNow() - options.Value.ForgetAfter;
        foreach (var (node, (_, seenAt)) in _nodes)
        {
            if (seenAt < oldest)
                _nodes.Remove(node);
        }

        return _nodes.Values.Select(node => node.Status);
    }
}
