
namespace Hype.Grains.Tests.Placement.Simulation;

/// <summary>Measures one run of the simulation.</summary>
internal sealed class Figures(string strategy, SimulatedCluster cluster)
{
    private readonly Imbalance _overAll = new();
    private readonly Imbalance[] _perRegion = [.. cluster.Nodes.Select(node => node.Region).Distinct().Select(_ => new Imbalance())];
    private long _samples;
    private long _inBestRegion;
    private long _seated;
    private long _nodeSeconds;
    private long _crowdedNodeSeconds;
    private double _loads;

    public static string Header =>
        "| strategy | max ÷ mean load within a region | max ÷ mean load over all nodes | load: mean / highest | node time above the limit "
        + "| participants in their best region | rooms opened | rooms moved: died / drained | dead nodes chosen |";

    public string Strategy { get; } = strategy;

    public Violations Violations => cluster.Violations;

    public int Decisions { get; private set; }

    public int Refused { get; private set; }

    public int Arrived { get; set; }

    public int NotServed { get; set; }

    public int RoomsOpened { get; set; }

    public int RoomsMovedFromTheDead { get; set; }

    public int RoomsDrained { get; set; }

    public int NodesDrained { get; set; }

    /// <summary>The highest node load divided by the mean node load within a region, averaged over time and regions.</summary>
    public double ImbalanceInRegion => _perRegion.Average(region => region.Mean);

    public double WorstImbalanceInRegion => _perRegion.Max(region => region.Worst);

    /// <summary>The highest node load divided by the mean node load over the nodes of all regions, averaged over time.</summary>
    public double ImbalanceOverAll => _overAll.Mean;

    public double WorstImbalanceOverAll => _overAll.Worst;

    public double MeanLoad => _loads / _nodeSeconds;

    /// <summary>The fraction of the served participants whose room is in the region that is best for them.</summary>
    public double InBestRegion => (double)_inBestRegion / _seated;

    /// <summary>The fraction of the total running time of all nodes in which a node was above the load limit.</summary>
    public double Crowded => (double)_crowdedNodeSeconds / _nodeSeconds;

    public double HighestLoad { get; private set; }

    /// <summary>The number of placement decisions per second of CPU time, measured at the end of the run.</summary>
    public double DecisionsPerCpuSecond { get; private set; }

    /// <summary>One row of the table of results, without the values that depend on the machine.</summary>
    public string Row =>
        FormattableString.Invariant($"| {Strategy} | {ImbalanceInRegion:0.00} / {WorstImbalanceInRegion:0.00} ")
        + FormattableString.Invariant($"| {ImbalanceOverAll:0.00} / {WorstImbalanceOverAll:0.00} ")
        + FormattableString.Invariant($"| {MeanLoad:0.00} / {HighestLoad:0.00} | {100 * Crowded:0.0} % | {100 * InBestRegion:0.0} % ")
        + FormattableString.Invariant($"| {RoomsOpened:N0} | {RoomsMovedFromTheDead} / {RoomsDrained} | {Refused} |");

    /// <summary>Copies the counts of the finished run, measures the speed of placement decisions, and returns this object.</summary>
    public Figures Close(DateTimeOffset now)
    {
        const int Asked = 20_000;
        (Decisions, Refused) = (cluster.Decisions, cluster.Refused);
        var regions = cluster.Nodes[^1].Region + 1;
        var before = Environment.CpuUsage.TotalTime;
        for (var index = 0; index < Asked; index++)
            cluster.Place(index % regions, null, now + (index * TimeSpan.FromMilliseconds(10)));
        DecisionsPerCpuSecond = Asked / (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        return this;
    }

    public void Sample()
    {
        _samples++;
        var serving = cluster.Nodes.Where(node => node is { Alive: true, Draining: false }).ToArray();
        _overAll.Add(serving);
        foreach (var region in serving.GroupBy(node => node.Region))
            _perRegion[region.Key].Add([.. region]);
        foreach (var node in serving)
        {
            _nodeSeconds++;
            _loads += node.Load;
            HighestLoad = Math.Max(HighestLoad, node.Load);
            if (node.Load > 0.8)
                _crowdedNodeSeconds++;
        }

        // The members' rooms change slowly.
        if (_samples % 30 != 1)
            return;
        foreach (var member in cluster.Nodes.SelectMany(node => node.Rooms).SelectMany(room => room.Members))
        {
            _seated++;
            if (member.Room!.Node.Region == member.Region)
                _inBestRegion++;
        }
    }

    private sealed class Imbalance
    {
        private double _sum;
        private int _samples;

        public double Mean => _sum / _samples;

        public double Worst { get; private set; }

        public void Add(SimulatedNode[] nodes)
        {
            var ratio = nodes.Max(node => node.Load) / nodes.Average(node => node.Load);
            _sum += ratio;
            _samples++;
            Worst = Math.Max(Worst, ratio);
        }
    }
}
