using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Placement;
using Hype.Grains.Regions;

namespace Hype.Grains.Tests.Placement.Simulation;

/// <summary>
/// Simulates <see cref="RegionGrain"/> for all regions with the product's placement classes: the last reports of the nodes, the rooms
/// placed since then, and the search from the nearest region on. Independent code checks each decision against the rules.
/// </summary>
internal sealed class SimulatedCluster
{
    private readonly PlacementOptions _options = new();
    private readonly NodePlacement _placement;
    private readonly RegionOptions _regions;
    private readonly PendingLoad[]? _pending;
    private readonly Dictionary<MediaNodeId, SimulatedNode> _byId;
    private readonly List<SimulatedNode>[] _listed;

    public SimulatedCluster(Plan plan, Strategy strategy)
    {
        _placement = new NodePlacement(strategy.Policy(new Random(plan.Seed)), _options);
        _pending = strategy.CountsPending ? [.. plan.Nodes.Select(_ => new PendingLoad())] : null;
        _listed = [.. plan.Nodes.Select((count, region) => Enumerable.Range(0, count)
            .Select(index => new SimulatedNode(region, $"{RegionName(region)}-{index}", index % 4 == 0 ? 8 : 4, plan.EndpointsPerWorker))
            .ToList())];
        Nodes = [.. _listed.SelectMany(region => region)];
        _byId = Nodes.ToDictionary(node => node.Id);
        var regions = Enumerable.Range(0, plan.Nodes.Count).ToArray();
        // They form a ring in the order of their numbers.
        _regions = new RegionOptions
        {
            Nearest = regions.ToDictionary(RegionName, region => regions.Where(other => other != region)
                .OrderBy(other => Math.Min(Math.Abs(other - region), regions.Length - Math.Abs(other - region)))
                .Select(RegionName)
                .ToArray()),
        };
    }

    public SimulatedNode[] Nodes { get; }

    public Violations Violations { get; } = new();

    public int Decisions { get; private set; }

    /// <summary>The number of placements on nodes that did not answer, because the region did not know yet that they were dead.</summary>
    public int Refused { get; private set; }

    public static string RegionName(int region) => $"region-{region}";

    /// <summary>Reports the load of each node to its region, at the end of a second.</summary>
    public void Report()
    {
        foreach (var node in Nodes)
        {
            if (node.Alive)
                node.Report();
        }
    }

    public void Remove(SimulatedNode node) => _listed[node.Region].Remove(node);

    public void Return(SimulatedNode node)
    {
        node.Alive = true;
        node.Drain(false);
        _listed[node.Region].Add(node);
    }

    /// <summary>
    /// Places a room as a channel does: after a node that does not answer, it tries another one. Returns null if no node has capacity.
    /// </summary>
    public SimulatedNode? Place(int region, SimulatedNode? sticky, DateTimeOffset now)
    {
        var avoid = new List<MediaNodeId>();
        while (Choose(region, sticky?.Id, avoid, now) is { } chosen)
        {
            if (chosen.Alive)
                return chosen;
            Refused++;
            avoid.Add(chosen.Id);
        }

        return null;
    }

    /// <summary>Returns true if the node has capacity according to its last report and the rooms placed since then.</summary>
    public bool HasRoom(SimulatedNode node, DateTimeOffset now) =>
        !node.Draining
            && _listed[node.Region].Contains(node) && Expected(node.Region, [node], now).Single().Load.Load <= _options.LoadLimit;

    private SimulatedNode? Choose(int region, MediaNodeId? sticky, List<MediaNodeId> avoid, DateTimeOffset now)
    {
        Decisions++;
        var everywhere = new List<NodeStatus>();
        NodeStatus? chosen = null;
        foreach (var name in _regions.From(RegionName(region)))
        {
            var nodes = Expected(region, _listed[RegionNumber(name)], now).ToArray();
            everywhere.AddRange(nodes);
            chosen = _placement.WithRoom(nodes, sticky, avoid);
            if (chosen is not null)
                break;
        }

        chosen ??= _placement.Crowded(everywhere, sticky, avoid);
        Check(region, chosen, avoid, now);
        if (chosen is not null && chosen.Registration.Node != sticky)
            _pending?[region].Placed(chosen.Registration.Node, now);
        return chosen is null ? null : _byId[chosen.Registration.Node];
    }

    private IEnumerable<NodeStatus> Expected(int asked, IEnumerable<SimulatedNode> nodes, DateTimeOffset now)
    {
        var reported = nodes.Select(node => node.Status);
        return _pending is null ? reported : _pending[asked].AddTo(reported, now);
    }

    private void Check(int region, NodeStatus? chosen, List<MediaNodeId> avoid, DateTimeOffset now)
    {
        bool HadRoom(int where) => Expected(region, _listed[where], now)
            .Any(
                node => node is { Load.Draining: false }
                    && node.Load.Load <= _options.LoadLimit && !avoid.Contains(node.Registration.Node));

        if (chosen is null)
        {
            if (Enumerable.Range(0, _listed.Length).Any(HadRoom))
                Violations.RefusedWithRoom++;
            return;
        }

        var node = _byId[chosen.Registration.Node];
        if (node.Draining || !_listed[node.Region].Contains(node))
            Violations.OnDrainingOrDeadNode++;
        if (chosen.Load.Load > _options.LoadLimit && Enumerable.Range(0, _listed.Length).Any(HadRoom))
            Violations.AboveLimitWithRoomElsewhere++;
        if (node.Region != region && HadRoom(region))
            Violations.AwayWithRoomAtHome++;
    }

    private static int RegionNumber(string name) => int.Parse(name.AsSpan("region-".Length));
}
