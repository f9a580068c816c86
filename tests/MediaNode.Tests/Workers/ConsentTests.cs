using Hype.MediaNode.Diagnostics;

namespace Hype.MediaNode.Tests.Workers;

public sealed class ConsentTests
{
    [Test]
    public void Endpoint_of_a_client_that_neither_checks_nor_answers_is_closed_after_thirty_seconds()
    {
        using var bench = new WorkerBench();
        var peer = bench.Connect(1);
        peer.AnswersChecks = false;
        var checks = peer.NodeChecks;

        bench.Advance(TimeSpan.FromSeconds(29.9));
        Assert.That(bench.IsConnected(1), Is.True);
        bench.Advance(TimeSpan.FromSeconds(0.3));

        Assert.That(bench.ClosedBecause(1), Is.EqualTo(CloseReason.ConsentExpired));
        Assert.That(bench.Worker.Counters.Endpoints, Is.Zero);
        Assert.That(
            peer.NodeChecks - checks, Is.EqualTo(16),
            "the node asks four times from 3.5 s on whether the address is dead, after 10 and 15 s for consent, and then every second");
    }

    [Test]
    public void Media_alone_does_not_renew_the_consent()
    {
        using var bench = new WorkerBench();
        var talking = bench.Connect(1);
        talking.AnswersChecks = false;

        bench.Advance(TimeSpan.FromSeconds(31), () => talking.Say(1));

        Assert.That(bench.ClosedBecause(1), Is.EqualTo(CloseReason.ConsentExpired), "RFC 7675 §5.1: only checks carry consent");
    }

    [Test]
    public void Client_that_sends_no_checks_stays_connected_by_its_answers_to_the_checks_of_the_node()
    {
        using var bench = new WorkerBench();
        var (listener, talking) = (bench.Connect(1), bench.Connect(2));

        bench.Advance(TimeSpan.FromSeconds(65), () => talking.Say(1));

        Assert.That(bench.IsConnected(1) && bench.IsConnected(2), Is.True);
        Assert.That(listener.Heard, Has.Count.EqualTo(650));
    }

    [Test]
    public void Node_asks_a_client_that_checks_for_a_new_proof_of_its_address_every_ten_seconds()
    {
        using var bench = new WorkerBench();
        var peer = bench.Connect(1);
        var checks = peer.NodeChecks;

        for (var i = 0; i < 40; i++)
        {
            bench.Advance(TimeSpan.FromSeconds(2.5));
            peer.Check();
            bench.Turn();
        }

        Assert.That(peer.NodeChecks - checks, Is.InRange(9, 10));
    }

    [Test]
    public void Endpoint_is_closed_after_thirty_seconds_if_no_client_connects()
    {
        using var bench = new WorkerBench();
        bench.Add(1);

        bench.Advance(TimeSpan.FromSeconds(30));
        Assert.That(bench.Events, Is.Empty);
        bench.Advance(TimeSpan.FromSeconds(0.2));

        Assert.That(bench.ClosedBecause(1), Is.EqualTo(CloseReason.NeverConnected));
        Assert.That(bench.Worker.Counters.Endpoints, Is.Zero);
    }

    [Test]
    public void Endpoint_without_an_SDP_answer_is_closed_after_the_connect_timeout_despite_ICE_checks()
    {
        using var bench = new WorkerBench();
        var peer = bench.Add(1);
        peer.Check();
        peer.Greet();

        bench.Advance(TimeSpan.FromSeconds(30.2), () => peer.Check());

        Assert.That(bench.ClosedBecause(1), Is.EqualTo(CloseReason.NeverConnected));
    }
}
