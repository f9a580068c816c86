using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Net;
using Hype.MediaNode.Tests.Workers;
using Hype.MediaNode.Tickets;
using Hype.MediaNode.Workers;
using Microsoft.Extensions.Time.Testing;

namespace Hype.MediaNode.Tests.Tickets;

/// <summary>
/// A simulated channel of three members whose room moves from node to node, with the control plane that moves it: by a drain, after a
/// node's death, or away from an unreachable node. The control plane restarts during moves. Messages are late, acknowledgements are late
/// or lost, and clients follow at once, late or never. All randomness comes from one seed.
/// </summary>
internal sealed class MovingCluster : IDisposable
{
    private const int Members = 3;

    // The control plane gives a client that does not follow a new transport: after seconds, not after several more moves of the room.
    private const int MostMissed = 2;
    private const long Second = 1_000_000;

    // Per step: more than a slot's pace permits.
    private const int PacketsOfFlood = 9;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private readonly FakeTimeProvider _time = new();
    private readonly Random _random;
    private readonly Dictionary<uint, Member> _members = [];
    private readonly Dictionary<uint, List<SentIndices>> _sent = [];
    private readonly List<(long At, Action Do)> _orders = [];
    private readonly List<MovingNode> _nodes = [];
    private readonly List<WorkerBench> _benches = [];
    private MovingNode _home;
    private bool _isFlooded;
    private int _spoken;
    private int _unreadable;

    public MovingCluster(int seed)
    {
        _random = new Random(seed);
        _home = Open();
        for (var number = 1u; number <= Members; number++)
            Connect(number);
    }

    /// <summary>The number of times that a ticket carried a transport to another node and the client followed.</summary>
    public int Carried { get; private set; }

    /// <summary>
    /// The number of times that a new transport was created after a move, because there was no revivable ticket or the client did not
    /// follow.
    /// </summary>
    public int Renewed { get; private set; }

    public long Packets => _sent.Values.SelectMany(transports => transports).Sum(transport => transport.Packets);

    /// <summary>The number of media packets that their receiver could not decrypt.</summary>
    public int Unreadable => _unreadable + _members.Values.Sum(member => member.Peer.Unreadable);

    /// <summary>The number of packets that a node did not send, because their index was at the limit.</summary>
    public long HeldBack { get; private set; }

    private long Now => _home.Bench.Now;

    public void Drain()
    {
        var old = _home;
        MoveAway(old);
        Run(_random.NextInt64(Second / 2, 5 * Second));
        Forget(old);
    }

    /// <summary>
    /// Restarts the control plane while the room moves to another node: it forgets all tickets, and lists the endpoints of both nodes in
    /// random order. It may have stored nothing about the new room; this room then closes.
    /// </summary>
    public void Restart()
    {
        var old = _home;
        var isReleased = MoveAway(old);
        Run(_random.NextInt64(3 * Second));
        MovingNode[] nodes = [old, _home];
        _random.Shuffle(nodes);
        // A control plane that took a node for lost moves its room and stores that at once.
        var isKnown = !isReleased || _random.Next(2) == 0;
        var found = List(isKnown ? nodes : [old]);
        foreach (var (number, member) in _members.ToArray())
        {
            if (!isKnown)
                _home.End(number);
            if (!found.TryGetValue(number, out var listed))
                Renew(number);
            else if (listed.Node == old)
                HandOverAgain(number, member, old);
        }

        Run(_random.NextInt64(Second / 2, 5 * Second));
        Forget(old);
    }

    public void Kill()
    {
        var old = _home;
        old.IsDead = true;
        Run(_random.NextInt64(5_500_000));
        Move(old);
        Run(_random.NextInt64(Second / 10, 3 * Second));
        Forget(old);
    }

    /// <summary>
    /// Ends the current node, and soon afterwards the node that continues its transports, before some or all clients have followed.
    /// </summary>
    public void KillTwice()
    {
        var old = _home;
        old.IsDead = true;
        Run(_random.NextInt64(4_500_000));
        Move(old);
        var next = _home;
        Run(_random.NextInt64(Second));
        next.IsDead = true;
        Run(_random.NextInt64(4_500_000));
        Move(next);
        Run(_random.NextInt64(Second / 10, 3 * Second));
        Forget(old);
        Forget(next);
    }

    /// <summary>
    /// Disconnects the current node from the control plane, which moves the room to another node, while the old node continues to serve
    /// its clients.
    /// </summary>
    public void Partition()
    {
        var old = _home;
        old.IsCutOff = true;
        Run(_random.NextInt64(4 * Second));
        Move(old);
        _isFlooded = _random.Next(2) == 0;
        Run(_random.NextInt64(Second, 70 * Second));
        _isFlooded = false;
        Forget(old);
    }

    /// <summary>Disconnects the current node from the control plane for a while, without a move.</summary>
    public void Outage()
    {
        _home.IsCutOff = true;
        _isFlooded = true;
        Run(_random.NextInt64(60 * Second, 180 * Second));
        (_home.IsCutOff, _isFlooded) = (false, false);
        Run(Second);
    }

    /// <summary>
    /// Lets the members send audio, sometimes as many packets as a slot permits, so that slots approach the bounds of their tickets.
    /// </summary>
    public void Talk()
    {
        _isFlooded = _random.Next(16) == 0;
        Run(_random.NextInt64(_isFlooded ? 20 * Second : 4 * Second));
        _isFlooded = false;
    }

    public void Dispose()
    {
        foreach (var transport in _sent.Values.SelectMany(transports => transports))
            transport.Dispose();
        foreach (var bench in _benches)
            bench.Dispose();
    }

    private MovingNode Open()
    {
        var node = new MovingNode(new WorkerBench(portable: true, time: _time), _random);
        node.Bench.Network.Socket.Deliver = (datagram, to) =>
        {
            Record(datagram, (uint)(to.Low & 0xFF));
            node.Bench.Network.Deliver(datagram, to);
        };
        _nodes.Add(node);
        _benches.Add(node.Bench);
        return node;
    }

    private void Connect(uint number)
    {
        var peer = _home.Bench.Connect(number);
        if (!_sent.TryGetValue(number, out var generations))
            _sent[number] = generations = [];
        generations.Insert(0, new SentIndices(peer));
        _members[number] = new Member(peer) { Node = _home };
    }

    // Tries all keys of the member, because a node that the member has left may still send to an old transport.
    private void Record(ReadOnlySpan<byte> datagram, uint number)
    {
        foreach (var transport in _sent.GetValueOrDefault(number) ?? [])
        {
            if (transport.TryRecord(datagram))
                return;
        }

        if (DatagramClassifier.Classify(datagram) is DatagramKind.Rtp or DatagramKind.Rtcp)
            Assert.Fail($"to {number}: a packet of no key and index that there is");
    }

    // Most rooms leave a node in contact by a drain, and some because the control plane takes the node for lost: then it uses the tickets
    // that it holds.
    private bool MoveAway(MovingNode old)
    {
        var isReleased = _random.Next(4) != 0;
        if (isReleased)
            old.Release();
        Move(old);
        return isReleased;
    }

    // A released endpoint is removed. Of two endpoints of one connection, the one with the older ticket is removed.
    private static Dictionary<uint, (MovingNode Node, IssuedTicket Ticket)> List(MovingNode[] nodes)
    {
        var found = new Dictionary<uint, (MovingNode Node, IssuedTicket Ticket)>();
        foreach (var node in nodes)
        {
            node.Held.Clear();
            foreach (var (number, ticket, isReleased) in node.List())
            {
                if (isReleased || ticket is null || (found.TryGetValue(number, out var other) && other.Ticket.Version > ticket.Version))
                {
                    node.End(number);
                    continue;
                }

                if (found.TryGetValue(number, out var older))
                    older.Node.End(number);
                found[number] = (node, ticket);
                node.Held[number] = ticket;
            }
        }

        return found;
    }

    private void HandOverAgain(uint number, Member member, MovingNode old)
    {
        if (old.Release(number) is { } last && IsRevived(_home, number, last))
            FollowLater(number, member, _home);
        else
            Renew(number);
    }

    // The room's new node: members with a revivable ticket are revived and notified to follow; the others connect again.
    private void Move(MovingNode old)
    {
        var next = Open();
        _home = next;
        foreach (var (number, member) in _members.ToArray())
        {
            if (old.Held.TryGetValue(number, out var held) && Now - old.HeardAt <= 5 * Second && member.Missed++ != MostMissed
                && IsRevived(next, number, held))
                FollowLater(number, member, next);
            else
                Renew(number);
        }

        next.OnConnected = number => _orders.Add(
            (Now + _random.NextInt64(Second), () => old.Bench.Worker.RemoveEndpoint(WorkerBench.Room, number)));
    }

    // A ticket that has gone through revivals that the client did not follow is refused.
    private static bool IsRevived(MovingNode next, uint number, IssuedTicket ticket)
    {
        var result = next.Bench.TryRevive(number, ticket);
        Assert.That(result, Is.EqualTo(CommandResult.Done).Or.EqualTo(CommandResult.TicketSpent));
        return result == CommandResult.Done;
    }

    // Some follow late, and some so late that the control plane has given up.
    private void FollowLater(uint number, Member member, MovingNode next)
    {
        var delay = _random.Next(10) switch { 0 => 40 * Second, 1 => _random.NextInt64(29 * Second), _ => _random.NextInt64(Second / 2) };
        _orders.Add((Now + delay, () => Follow(number, member, next)));
    }

    private void Follow(uint number, Member member, MovingNode next)
    {
        if (_members[number] != member || next.IsDead)
            return;
        if (next.Bench.ClosedBecause(number) is not null)
        {
            Renew(number);
            return;
        }

        member.Left.Add(member.Node);
        member.Peer.Follow(next.Bench.Network);
        member.Node = next;
        member.Missed = 0;
        Carried++;
    }

    private void Renew(uint number)
    {
        Retire(_members[number]);
        foreach (var node in _nodes.Where(node => node == _home || (!node.IsDead && !node.IsCutOff)))
            node.End(number);
        Connect(number);
        Renewed++;
    }

    private void Retire(Member member)
    {
        _unreadable += member.Peer.Unreadable;
        member.Peer.Leave();
    }

    // A member that has not followed by now has lost its node.
    private void Forget(MovingNode old)
    {
        old.IsDead = true;
        _nodes.RemoveAll(node => node.IsDead);
        HeldBack += old.Bench.Drops[DropReason.BeyondTicket];
        foreach (var (number, _) in _members.Where(member => member.Value.Node == old).ToArray())
            Renew(number);
    }

    private void Run(long duration)
    {
        for (var end = Now + duration; Now < end;)
        {
            _time.Advance(Step);
            foreach (var order in _orders.Where(order => order.At <= Now).ToArray())
            {
                _orders.Remove(order);
                order.Do();
            }

            foreach (var member in _members.Values)
                Act(member);
            foreach (var node in _nodes.Where(node => !node.IsDead))
                node.Turn();
        }
    }

    private void Act(Member member)
    {
        var peer = member.Peer;
        if (Now >= member.NextCheck)
        {
            peer.Check();
            // A browser continues to check the pairs that it does not use.
            foreach (var other in member.Left.Where(node => !node.IsDead))
                other.Bench.Network.Socket.Arrive(peer.CheckRequest(useCandidate: false), peer.Address);
            member.NextCheck = Now + 2 * Second + _random.NextInt64(Second);
        }

        var packets = _isFlooded && peer.Number == 1 ? PacketsOfFlood : _random.Next(4) == 0 ? 1 : 0;
        for (var i = 0; i < packets; i++)
            peer.Say(++_spoken);
    }

    private sealed record Member(TestPeer Peer)
    {
        public List<MovingNode> Left { get; } = [];

        public required MovingNode Node { get; set; }

        public long NextCheck { get; set; }

        /// <summary>The number of successive moves that the member's client has not followed.</summary>
        public int Missed { get; set; }
    }
}
