using Hype.MediaClient;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Tests.Dtls;
using Hype.MediaNode.Workers;

namespace Hype.MediaNode.Tests.Workers;

/// <summary>
/// Tests that hostile input does no damage: a worker receives 100,000 mutated datagrams of each protocol. No turn throws, memory does not
/// grow, and afterwards a new honest client connects and is heard. The seed of a failure repeats it.
/// </summary>
public sealed class HostileInputTests
{
    private const uint Listener = 1;
    private const uint Speaker = 2;
    private const uint Victim = 3;
    private const uint Newcomer = 4;

    // Datagrams, a third of them for the victim: some thousands of handshakes meet them from the start.
    private const int FreshEvery = 30;

    // The managed heap. The bench's own records of events and answers are part of it.
    private const long Slack = 4 << 20;

    // The whole process, OpenSSL's sessions included; half of it is the variation of the garbage-collected heap.
    private const long ResidentSlack = 64 << 20;

    [Test]
    public void Node_loses_no_member_and_no_memory_to_mutated_STUN_from_a_members_address() =>
        Attack(5389, (_, peer) => [peer.CheckRequest(), peer.CheckRequest(useCandidate: false), StunRequests.Controlled(peer)]);

    [Test]
    public void Node_loses_no_member_and_no_memory_to_mutated_RTP_from_a_members_address() =>
        Attack(3550, (_, peer) => [peer.Frame(1), peer.Frame(new byte[1]), peer.Frame(new byte[1100])]);

    [Test]
    public void Node_loses_no_member_and_no_memory_to_mutated_RTCP_from_a_members_address() =>
        Attack(3551, (_, peer) => [Protected(peer, [0x80, 201, 0, 1, 0, 0, 0, 1]), Protected(peer, new byte[200])]);

    [Test]
    public void Node_loses_no_member_and_no_memory_to_mutated_DTLS_from_a_members_address() =>
        Attack(6347, (bench, _) => [.. HandshakeOf(bench)]);

    [Test]
    public void Node_sends_no_answer_to_unauthenticated_sources()
    {
        using var bench = new WorkerBench();
        var peer = bench.Connect(Speaker);
        var victim = bench.Add(Victim);
        byte[][] valid =
        [
            victim.ForgedCheck(), .. HandshakeOf(bench), peer.Frame(1), Protected(
                peer, new byte[60]),
        ];
        var mutator = new DatagramMutator(1, valid);
        var before = bench.Network.Socket.BytesSent;
        var memory = GC.GetTotalMemory(forceFullCollection: true);

        for (var i = 0; i < DatagramMutator.Count; i++)
        {
            bench.Network.Socket.Arrive(mutator.Next().ToArray(), WorkerBench.AddressOf(1000, (ushort)i));
            bench.Turn();
        }

        Assert.That(bench.Network.Socket.BytesSent - before, Is.Zero);
        Assert.That(bench.Drops.Total, Is.GreaterThanOrEqualTo(DatagramMutator.Count), "each was counted");
        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - memory, Is.LessThan(Slack));
        AssertStillServes(bench, peer);
    }

    private static void Attack(int seed, Func<WorkerBench, TestPeer, byte[][]> valid)
    {
        // Without budgets: each datagram must reach its parser.
        using var bench = new WorkerBench(limits: WorkerLimits.Default with { Budget = BudgetLimits.Unlimited });
        var listener = bench.Connect(Listener);
        var speaker = bench.Connect(Speaker);
        var victim = bench.Add(Victim);
        victim.Check();
        bench.Turn();
        var mutator = new DatagramMutator(seed, valid(bench, speaker));
        // Answers to mutated checks need not be valid, and are not recorded.
        bench.Network.Socket.Deliver = static (_, _) => { };
        var check = victim.CheckRequest();
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        var resident = Environment.WorkingSet;

        for (var i = 0; i < DatagramMutator.Count; i++)
        {
            var datagram = mutator.Next().ToArray();
            switch (i % 3)
            {
                case 0:
                    speaker.Send(datagram);
                    break;
                case 1:
                    victim.Send(datagram);
                    break;
                default:
                    bench.Network.Socket.Arrive(datagram, WorkerBench.AddressOf(1000, (ushort)i));
                    break;
            }

            bench.Turn();
            var gone = bench.ClosedSince(Victim);
            if (gone || i % FreshEvery == 0)
            {
                // Garbage may end a handshake; later datagrams then meet only a waiting session. The member connects again.
                if (!gone)
                    bench.Worker.RemoveEndpoint(WorkerBench.Room, Victim);
                Assert.That(
                    bench.Worker.AddEndpoint(WorkerBench.Room, WorkerBench.Spec(Victim, slots: 3)), Is.EqualTo(CommandResult.Done));
                victim.Send(check);
                bench.Turn();
            }
        }

        Assert.That(bench.Worker.Counters.Endpoints, Is.EqualTo(3), "one session each; no connected member was lost");
        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - memory, Is.LessThan(Slack));
        Assert.That(Environment.WorkingSet - resident, Is.LessThan(ResidentSlack), "OpenSSL's memory too");
        bench.Network.Socket.Deliver = bench.Network.Deliver;
        listener.Heard.Clear();
        AssertStillServes(bench, listener);
    }

    private static void AssertStillServes(WorkerBench bench, TestPeer listener)
    {
        var newcomer = bench.Connect(Newcomer);
        bench.Frame(4711, newcomer);
        Assert.That(listener.Heard.Select(heard => heard.Word), Does.Contain(4711));
    }

    /// <summary>
    /// Returns the datagrams that a client sends in a handshake: the ClientHello, in one datagram and again in two, and the later flights.
    /// </summary>
    private static List<byte[]> HandshakeOf(WorkerBench bench)
    {
        const uint number = 99;
        var peer = bench.Add(number);
        var flights = new List<byte[]>();
        peer.Loses = datagram =>
        {
            flights.Add(datagram);
            return false;
        };
        peer.Check();
        var hello = peer.Greeting();
        var (first, second) = ClientHello.Cut(hello);
        flights.AddRange([hello, first, second]);
        peer.Send(hello);
        bench.Turn();
        Assert.That(peer.Dtls.State, Is.EqualTo(DtlsState.Connected));
        bench.Worker.RemoveEndpoint(WorkerBench.Room, number);
        Assert.That(flights, Has.Count.GreaterThan(3));
        return flights;
    }

    private static byte[] Protected(TestPeer peer, byte[] compound)
    {
        if (compound.Length > 8)
            (compound[0], compound[1], compound[3]) = (0x81, 201, (byte)((compound.Length / 4) - 1));
        var packet = new byte[compound.Length + peer.Sender!.RtcpExpansion];
        return packet[..peer.Sender.ProtectRtcp(packet, compound)];
    }
}
