using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Tests.Net;
using Hype.MediaNode.Transport;
using Hype.MediaNode.Workers;

namespace Hype.MediaNode.Tests.Workers;

/// <summary>
/// Tests the limits that a worker applies to members: they know the credentials of their endpoint, but may still be hostile.
/// </summary>
public sealed class WorkerLimitsTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public void Worker_refuses_endpoints_above_its_limit_until_an_endpoint_is_removed()
    {
        using var bench = new WorkerBench(limits: WorkerLimits.Default with { Endpoints = 2 });
        bench.Add(1);
        bench.Add(2);
        Assert.That(bench.Worker.AddEndpoint(WorkerBench.Room, WorkerBench.Spec(3, 3)), Is.EqualTo(CommandResult.Full));
        bench.Worker.RemoveEndpoint(WorkerBench.Room, 1);
        bench.Add(3);
    }

    [Test]
    public void Number_of_DTLS_handshakes_begun_by_one_IP_address_within_a_second_is_limited()
    {
        using var bench = new WorkerBench(limits: WorkerLimits.Default with { HandshakesPerAddress = 2 });
        var peers = Enumerable.Range(1, 3).Select(number => bench.Add((uint)number)).ToArray();
        var hellos = peers.Select(peer => peer.Greeting()).ToArray();
        foreach (var (peer, hello) in peers.Zip(hellos))
        {
            // All peers behind one address, like an office behind a NAT.
            peer.MoveTo(WorkerBench.AddressOf(9, (ushort)(50_000 + peer.Number)));
            peer.Check();
            peer.Send(hello);
            bench.Turn();
        }

        Assert.That(peers.Select(peer => peer.IsConnected), Is.EqualTo(new[] { true, true, false }));
        Assert.That(bench.Drops[DropReason.TooManyHandshakesOfAddress], Is.EqualTo(1));

        var other = bench.Add(4);
        other.Check();
        other.Greet();
        bench.Turn();
        Assert.That(other.IsConnected, Is.True, "another address is not delayed");

        bench.Time.Advance(Second);
        peers[2].Send(hellos[2]);
        bench.Turn();
        Assert.That(peers[2].IsConnected, Is.True);
    }

    [Test]
    public void DTLS_handshake_above_the_limit_is_refused_until_another_DTLS_handshake_is_finished()
    {
        using var bench = new WorkerBench(limits: WorkerLimits.Default with { PendingHandshakes = 1 });
        var (first, second) = (bench.Add(1), bench.Add(2));
        first.Check();
        first.Greet();
        bench.Turn();
        // The handshake is complete, but the fingerprint is missing: the association waits for it.
        Assert.That(first.IsConnected, Is.True);
        second.Check();
        var hello = second.Greeting();
        second.Send(hello);
        bench.Turn();
        Assert.That(second.IsConnected, Is.False);
        Assert.That(bench.Drops[DropReason.TooManyHandshakes], Is.EqualTo(1));

        bench.Answer(first);
        second.Send(hello);
        bench.Turn();
        Assert.That(second.IsConnected, Is.True);
    }

    [Test]
    public void Removal_of_a_member_during_its_DTLS_handshake_lets_another_member_connect_at_the_limit()
    {
        using var bench = new WorkerBench(limits: WorkerLimits.Default with { PendingHandshakes = 1 });
        var (first, second) = (bench.Add(1), bench.Add(2));
        first.Check();
        first.Greet();
        bench.Turn();
        bench.Worker.RemoveEndpoint(WorkerBench.Room, 1);
        second.Check();
        second.Greet();
        bench.Turn();
        Assert.That(second.IsConnected, Is.True);
    }

    [Test]
    public void ICE_checks_above_the_rate_limit_are_not_answered_until_a_second_later()
    {
        using var bench = new WorkerBench();
        var peer = bench.Connect(1);
        bench.Time.Advance(Second);
        peer.StunAnswers.Clear();
        for (var i = 0; i < 300; i++)
            peer.Check();
        bench.Turn();
        Assert.That(peer.StunAnswers, Has.Count.EqualTo(IceLite.AnswersPerSecond));
        Assert.That(bench.Drops[DropReason.StunTooMany], Is.EqualTo(300 - IceLite.AnswersPerSecond));

        bench.Time.Advance(Second);
        peer.Check();
        bench.Turn();
        Assert.That(peer.StunAnswers, Has.Count.EqualTo(IceLite.AnswersPerSecond + 1));
    }

    [Test]
    public void Limit_of_ICE_connectivity_checks_applies_to_each_endpoint_separately()
    {
        using var bench = new WorkerBench();
        var (loud, quiet) = (bench.Connect(1), bench.Connect(2));
        for (var i = 0; i < 300; i++)
            loud.Check();
        quiet.StunAnswers.Clear();
        quiet.Check();
        bench.Turn();
        Assert.That(quiet.StunAnswers, Has.Count.EqualTo(1));
    }

    [Test]
    public void Refusing_ICE_checks_above_the_rate_limit_allocates_nothing()
    {
        using var bench = new WorkerBench();
        var peer = bench.Connect(1);
        var check = peer.CheckRequest();
        Flood(IceLite.AnswersPerSecond + 50);
        Assert.That(Allocations.Of(() => Flood(1), repetitions: 1_000), Is.Zero);

        void Flood(int checks)
        {
            for (var i = 0; i < checks; i++)
            {
                bench.Network.Socket.Arrive(check, peer.Address);
                bench.Worker.Turn(bench.Now);
            }
        }
    }
}
