
namespace Hype.Grains.Tests.Placement.Simulation;

/// <summary>
/// Simulates placement in steps of one second: members join and leave, channels with more than eight members get a room per region, a node
/// dies now and then, and one region is upgraded node by node. All reports arrive at the end of a second, so decisions within a second use
/// the reports of the previous one.
/// </summary>
internal sealed class Simulation
{
    private const int MeshUpTo = 8;
    private const int MeshAgainAt = 6;
    private const int RoomsMovedPerSecond = 10;
    private const int AbsentSeconds = 60;

    private readonly Plan _plan;
    private readonly Crowd _crowd;
    private readonly SimulatedCluster _cluster;
    private readonly Figures _figures;
    private readonly Random _faults;
    private readonly List<(int Second, SimulatedNode Node)> _returns = [];
    private readonly Queue<SimulatedNode> _toUpgrade;
    private SimulatedNode? _draining;
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

    private Simulation(Plan plan, Strategy strategy)
    {
        _plan = plan;
        _crowd = new Crowd(plan);
        _cluster = new SimulatedCluster(plan, strategy);
        _faults = new Random(plan.Seed);
        _toUpgrade = new(_cluster.Nodes.Where(node => node.Region == plan.Upgraded));
        _figures = new Figures(strategy.Name, _cluster);
    }

    public static Figures Run(Plan plan, Strategy strategy)
    {
        var simulation = new Simulation(plan, strategy);
        for (var second = 0; second < plan.Seconds; second++)
            simulation.Step(second);
        return simulation._figures.Close(simulation._now);
    }

    private void Step(int second)
    {
        _now = DateTimeOffset.UnixEpoch.AddSeconds(second);
        // Nodes that died in the last second are noticed now.
        foreach (var dead in _cluster.Nodes.Where(node => !node.Alive && node.Rooms.Count > 0).ToArray())
        {
            _cluster.Remove(dead);
            _returns.Add((second + AbsentSeconds, dead));
            foreach (var room in dead.Rooms.ToArray())
                _figures.RoomsMovedFromTheDead += Move(room);
        }

        foreach (var (_, node) in _returns.Where(due => due.Second == second))
            _cluster.Return(node);
        var measured = second - (int)_plan.Warmup.TotalSeconds;
        if (measured >= 0 && _faults.NextDouble() < 1 / _plan.BetweenFailures.TotalSeconds)
            Kill(_cluster.Nodes[_faults.Next(_cluster.Nodes.Length)]);
        _crowd.Play(second, new Crowd.Cast(second, Joined, Left));
        if (measured >= 0)
        {
            if (measured % (int)_plan.BetweenDrains.TotalSeconds == 0)
                _draining ??= Drain();
            Evacuate(second);
            _figures.Sample();
        }

        _cluster.Report();
    }

    private static void Kill(SimulatedNode node)
    {
        // No channel would notice the death of a node without rooms, and a dead node is dead already.
        if (node is { Alive: true, Draining: false, Rooms.Count: > 0 })
            node.Alive = false;
    }

    private SimulatedNode? Drain()
    {
        while (_toUpgrade.TryDequeue(out var node))
        {
            if (!node.Alive)
                continue;
            node.Drain(true);
            return node;
        }

        return null;
    }

    private void Evacuate(int second)
    {
        if (_draining is not { } node)
            return;
        foreach (var room in node.Rooms.Take(RoomsMovedPerSecond).ToArray())
            _figures.RoomsDrained += Move(room);
        if (node.Rooms.Count > 0)
            return;
        node.Alive = false;
        _cluster.Remove(node);
        _returns.Add((second + AbsentSeconds, node));
        _figures.NodesDrained++;
        _draining = null;
    }

    private void Joined(SimulatedMember member)
    {
        _figures.Arrived++;
        var channel = member.Channel;
        if (channel.Forwarded)
        {
            Seat(member);
        }
        else if (channel.Members.Count > MeshUpTo)
        {
            channel.Forwarded = true;
            foreach (var each in channel.Members)
                Seat(each);
        }
    }

    private void Left(SimulatedMember member)
    {
        var channel = member.Channel;
        Unseat(member);
        if (!channel.Forwarded || channel.Members.Count > MeshAgainAt)
            return;
        channel.Forwarded = false;
        foreach (var each in channel.Members)
            Unseat(each);
    }

    /// <summary>
    /// Requests a placement for a member. A real channel does so only if it needs another room; if it has one, the answer must be the node
    /// of that room.
    /// </summary>
    private void Seat(SimulatedMember member)
    {
        var (channel, region) = (member.Channel, member.Region);
        var rooms = channel.Rooms.FindAll(room => room.Node is { Alive: true, Draining: false });
        var open = rooms.Find(room => room.Node.Region == region && _cluster.HasRoom(room.Node, _now));
        // Without a room in this region, the one with most members: if no node has capacity, no further room must open.
        var sticky = open ?? rooms.Find(room => room.Node.Region == region) ?? rooms.MaxBy(room => room.Members.Count);
        if (_cluster.Place(region, sticky?.Node, _now) is not { } node)
        {
            _figures.NotServed++;
            return;
        }

        if (open is not null && open.Node != node)
            _cluster.Violations.SecondRoomInRegionWithRoom++;
        var room = Open(channel, node);
        member.Room = room;
        room.Members.Add(member);
        room.Node.Endpoints++;
    }

    private void Unseat(SimulatedMember member)
    {
        if (member.Room is not { } room)
            return;
        member.Room = null;
        room.Members.Remove(member);
        room.Node.Endpoints--;
        if (room.Members.Count == 0)
            Close(room);
    }

    private SimulatedRoom Open(SimulatedChannel channel, SimulatedNode node)
    {
        // The next region serves the members of a full region, and the channel may have a room there already.
        var there = channel.Rooms.FindAll(room => room.Node.Region == node.Region && room.Node.Alive);
        if ((there.Find(room => room.Node == node) ?? there.Find(room => _cluster.HasRoom(room.Node, _now))) is { } shared)
            return shared;
        if (!node.Alive || node.Draining)
            _cluster.Violations.OnDrainingOrDeadNode++;
        foreach (var other in channel.Rooms)
            other.Node.Links++;
        node.Links += channel.Rooms.Count;
        var room = new SimulatedRoom(channel, node);
        channel.Rooms.Add(room);
        node.Rooms.Add(room);
        _figures.RoomsOpened++;
        return room;
    }

    private static void Close(SimulatedRoom room)
    {
        room.Channel.Rooms.Remove(room);
        room.Node.Rooms.Remove(room);
        foreach (var other in room.Channel.Rooms)
            other.Node.Links--;
        room.Node.Links -= room.Channel.Rooms.Count;
    }

    /// <summary>Moves a room with all its members to another node. Returns 1, the number of moved rooms.</summary>
    private int Move(SimulatedRoom room)
    {
        foreach (var member in room.Members.ToArray())
        {
            Unseat(member);
            Seat(member);
        }

        return 1;
    }
}
