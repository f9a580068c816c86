using Hype.Grains.Abstractions.Channels;
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
    /// <summary>Nodes report each second; one that lives is heard within this time.</summary>
    private static readonly TimeSpan FirstReport = TimeSpan.FromSeconds(1.25);

    private readonly Dictionary<MediaNodeId, (NodeStatus Status, DateTimeOffset SeenAt)> _nodes = [];
    private readonly PendingLoad _pending = new();
    private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private string Name => this.GetPrimaryKeyString();

    public Task Report(NodeStatus node)
    {
        _nodes[node.Registration.Node] = (node, time.GetUtcNow());
        _heard.TrySetResult();
        return Task.CompletedTask;
    }

    public Task Remove(MediaNodeId node)
    {
        _nodes.Remove(node);
        return Task.CompletedTask;
    }

    public async Task<PlacementResult> Place(ChannelId channel, MediaNodeId? sticky, MediaNodeId[] avoid)
    {
        await ListenAsync();
        var everywhere = new List<NodeStatus>();
        foreach (var region in options.Value.From(Name))
        {
            var reported = region == Name ? Live() : await GrainFactory.GetGrain<IRegionGrain>(region).GetNodes();
            var nodes = _pending.AddTo(reported, time.GetUtcNow()).ToArray();
            if (placement.WithRoom(nodes, sticky, avoid) is { } withRoom)
                return Placed(withRoom, sticky, region == Name ? PlacementReason.LessLoadedOfTwo : PlacementReason.NearestRegion);

            everywhere.AddRange(nodes);
        }

        return placement.Crowded(everywhere, sticky, avoid) is { } crowded
            ? Placed(crowded, sticky, PlacementReason.Crowded)
            : new PlacementResult(null, new RegionId(Name));
    }

    public Task<NodeStatus[]> GetNodes() => Task.FromResult(Live().ToArray());

    /// <summary>
    /// A list that has just come back on another silo is empty for a moment; a channel asking then must not be sent to another
    /// region for as long as it lives.
    /// </summary>
    private async Task ListenAsync()
    {
        if (_heard.Task.IsCompleted)
            return;

        await Task.WhenAny(_heard.Task, Task.Delay(FirstReport, time));
        _heard.TrySetResult();
    }

    private PlacementResult Placed(NodeStatus chosen, MediaNodeId? sticky, PlacementReason reason)
    {
        var node = chosen.Registration.Node;
        // What stays where it was is in that node's reports already.
        if (node != sticky)
            _pending.Placed(node, time.GetUtcNow());
        return new PlacementResult(node, chosen.Registration.Region, node == sticky ? PlacementReason.Sticky : reason);
    }

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
