using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Regions;

namespace Hype.Grains.Tests.Placement.Simulation;

/// <summary>A media node: what it carries, and what it last said of itself.</summary>
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

    /// <summary>In the order in which they were opened.</summary>
    public List<SimulatedRoom> Rooms { get; } = [];

    public int Endpoints { get; set; }

    /// <summary>Ends of links; one costs about as much as an endpoint: the same few streams.</summary>
    public int Links { get; set; }

    /// <summary>As it is, and not cut off at 1: what is above is what people miss.</summary>
    public double Load => (double)(Endpoints + Links) / _capacity;

    /// <summary>As the region knows it.</summary>
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
