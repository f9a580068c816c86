using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Tests.Placement.Simulation;

/// <summary>A media node: its rooms and its last report.</summary>
internal sealed class SimulatedNode
{
    private readonly NodeRegistration _registration;
    private readonly int _capacity;

    public SimulatedNode(int region, string name, int workers, int endpointsPerWorker)
    {
        Region = region;
        _capacity = workers * endpointsPerWorker;
        _registration = new NodeRegistration
        {
            Node = new MediaNodeId(name),
            Region = new RegionId(SimulatedCluster.RegionName(region)),
            Incarnation = Guid.Empty,
            ControlUrl = "",
            Version = "",
            Workers = workers,
        };
        Status = new NodeStatus { Registration = _registration, Load = NodeLoad.Idle, LastHeartbeat = default };
    }

    public int Region { get; }

    public MediaNodeId Id => _registration.Node;

    public bool Alive { get; set; } = true;

    public bool Draining { get; private set; }

    /// <summary>Rooms in the order in which they were opened.</summary>
    public List<SimulatedRoom> Rooms { get; } = [];

    public int Endpoints { get; set; }

    /// <summary>Link ends; one costs about as much as an endpoint: the same few streams.</summary>
    public int Links { get; set; }

    /// <summary>The real load, which may be above 1: the excess is lost audio.</summary>
    public double Load => (double)(Endpoints + Links) / _capacity;

    /// <summary>The state that the region knows.</summary>
    public NodeStatus Status { get; private set; }

    public void Report() => Status = new NodeStatus
    {
        Registration = _registration,
        Load = new NodeLoad { Load = Math.Min(Load, 1), Endpoints = Endpoints, Rooms = Rooms.Count, Draining = Draining },
        LastHeartbeat = default,
    };

    public void Drain(bool draining)
    {
        Draining = draining;
        Report();
    }
}
