using Hype.MediaNode.Diagnostics;

namespace Hype.MediaNode.Tests.Workers;

/// <summary>Tests that a failing endpoint is closed, and that the timers of all other endpoints continue.</summary>
public sealed class TimerFailureTests
{
    private const uint Faulty = 1;

    [Test]
    public void Endpoint_that_throws_in_a_timer_is_closed_and_the_timers_of_others_continue()
    {
        using var bench = new WorkerBench();
        var faulty = bench.Connect(Faulty);
        var others = bench.Connect([2, 3]);
        bench.Frame(1, others);
        foreach (var other in others)
            other.Reports.Clear();
        bench.Network.Socket.Deliver = (datagram, to) =>
        {
            if (to == faulty.Address)
                throw new InvalidOperationException("the endpoint's fault");
            bench.Network.Deliver(datagram, to);
        };

        bench.Advance(TimeSpan.FromSeconds(40), () =>
        {
            foreach (var other in others)
                other.Check();
        });

        Assert.That(bench.ClosedBecause(Faulty), Is.EqualTo(CloseReason.Failed));
        Assert.That(others.Select(other => other.Reports.Count), Is.All.GreaterThan(15), "one RTCP report every 2 s");
        Assert.That(others.Select(other => bench.IsConnected(other.Number)), Is.All.True);
        Assert.That(bench.Worker.Counters.TimerFailures, Is.GreaterThanOrEqualTo(1));
        Assert.That(bench.Worker.Counters.Endpoints, Is.EqualTo(2));
    }

    [Test]
    public void Consent_of_a_vanished_member_expires_although_another_endpoint_throws()
    {
        using var bench = new WorkerBench();
        var faulty = bench.Connect(Faulty);
        bench.Connect(2).Leave();
        bench.Network.Socket.Deliver = (datagram, to) =>
        {
            if (to == faulty.Address)
                throw new InvalidOperationException("the endpoint's fault");
        };

        bench.Advance(TimeSpan.FromSeconds(35));

        Assert.That(bench.ClosedBecause(2), Is.EqualTo(CloseReason.ConsentExpired));
    }

    [Test]
    public void Datagram_that_throws_is_dropped_and_the_rest_of_its_batch_is_handled()
    {
        using var bench = new WorkerBench();
        var (speaker, listener, faulty) = (bench.Connect(1), bench.Connect(2), bench.Connect(3));
        bench.Network.Socket.Deliver = (datagram, to) =>
        {
            if (to == faulty.Address)
                throw new InvalidOperationException("the endpoint's fault");
            bench.Network.Deliver(datagram, to);
        };

        faulty.Check();
        bench.Frame(7, speaker);

        Assert.That(listener.Heard.Select(heard => heard.Word), Is.EqualTo(new[] { 7 }));
        Assert.That(bench.Drops[DropReason.Failed], Is.GreaterThanOrEqualTo(1));
        bench.Network.Socket.Deliver = bench.Network.Deliver;
    }
}
