using Hype.Grains.Abstractions.Calls;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Regions;
using Hype.Grains.Placement;
using Hype.Grains.Timing;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Hype.Grains.Regions;

/// <summary>
/// The media nodes of a region. The list is not stored: each node reports every second, so after a loss of the silo the list is complete
/// again a second later. The grain is reentrant, because two regions may call each other.
/// </summary>
[Reentrant]
internal sealed class RegionGrain(NodePlacement placement, IOptions<RegionOptions> options, TimeProvider time) : Grain, IRegionGrain
{
    /// <summary>
    /// The time for which a newly activated region waits for a first report. Nodes report each second, so a live node reports within this
    /// time.
    /// </summary>
    private static readonly TimeSpan FirstReportTimeout = TimeSpan.FromSeconds(1.25);

    private readonly SteadyClock _clock = new(time);

    /// <summary>
    /// The newest report of each node. A removed node stays until it is forgotten, so that a late report does not list it again.
    /// </summary>
    private readonly Dictionary<MediaNodeId, Entry> _nodes = [];

    private readonly PendingLoad _pending = new();
    private readonly TaskCompletionSource _firstReport = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private string Name => this.GetPrimaryKeyString();

    public Task Report(NodeStatus node, ReportNumber number)
    {
        Set(node.Registration.Node, node, number);
        _firstReport.TrySetResult();
        return Task.CompletedTask;
    }

    public Task Remove(MediaNodeId node, ReportNumber number)
    {
        Set(node, status: null, number);
        return Task.CompletedTask;
    }

    public async Task<PlacementResult> Place(ChannelId channel, MediaNodeId? sticky, MediaNodeId[] avoid)
    {
        await AwaitFirstReportAsync();
        var everywhere = new List<NodeStatus>();
        foreach (var region in options.Value.From(Name))
        {
            var reported = region == Name ? Live() : await GrainFactory.GetGrain<IRegionGrain>(region).GetNodes();
            var nodes = _pending.AddTo(reported, _clock.Now).ToArray();
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
    /// Waits for the first report of a node. The list of a newly activated region is empty for a moment; without the wait, a channel would
    /// use another region for the rest of its lifetime.
    /// </summary>
    private async Task AwaitFirstReportAsync()
    {
        if (_firstReport.Task.IsCompleted)
            return;
        await Task.WhenAny(_firstReport.Task, Task.Delay(FirstReportTimeout, time));
        _firstReport.TrySetResult();
    }

    private PlacementResult Placed(NodeStatus chosen, MediaNodeId? sticky, PlacementReason reason)
    {
        var node = chosen.Registration.Node;
        // The node's reports already contain a room that stays on it.
        if (node != sticky)
            _pending.Placed(node, _clock.Now);
        return new PlacementResult(node, chosen.Registration.Region, node == sticky ? PlacementReason.Sticky : reason);
    }

    private void Set(MediaNodeId node, NodeStatus? status, ReportNumber number)
    {
        if (!_nodes.TryGetValue(node, out var entry) || !number.IsOlderInActivation(entry.Number))
            _nodes[node] = new Entry(status, number, _clock.Now);
    }

    private IEnumerable<NodeStatus> Live()
    {
        var oldest = _clock.Now - options.Value.ForgetAfter;
        foreach (var (node, entry) in _nodes)
        {
            if (entry.SeenAt < oldest)
                _nodes.Remove(node);
        }

        return _nodes.Values.Select(entry => entry.Status).OfType<NodeStatus>();
    }

    /// <summary>The newest report of a node, and the time at which it arrived.</summary>
    /// <param name="Status">Null: the node was removed.</param>
    private sealed record Entry(NodeStatus? Status, ReportNumber Number, DateTimeOffset SeenAt);
}
