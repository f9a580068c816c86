using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Tests.Placement.Simulation;

/// <summary>A simulated media node: its rooms and its last load report.</summary>
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

    /// <summary>The rooms in the order in which they were opened.</summary>
    public List<SimulatedRoom> Rooms { get; } = [];

    public int Endpoints { get; set; }

    /// <summary>
    /// The number of link ends on the node; each one costs about as much as an endpoint, because it carries as many streams.
    /// </summary>
    public int Links { get; set; }

    /// <summary>The load of this moment; a value above 1 means that audio is lost.</summary>
    public double Load => (double)(Endpoints + Links) / _capacity;

    /// <summary>The last reported status, from which the region decides.</summary>
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
