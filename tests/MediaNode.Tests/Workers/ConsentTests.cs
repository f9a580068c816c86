using Hype.MediaNode.Diagnostics;

namespace Hype.MediaNode.Tests.Workers;

public sealed class ConsentTests
{
    [Test]
    public void Connected_endpoint_is_closed_after_thirty_seconds_without_an_ICE_check()
    {
        using var bench = new WorkerBench();
        bench.Connect(1);

        bench.Advance(TimeSpan.FromSeconds(29.9));
        Assert.That(bench.IsConnected(1), Is.True);
        bench.Advance(TimeSpan.FromSeconds(0.3));

        Assert.That(bench.ClosedBecause(1), Is.EqualTo(CloseReason.ConsentExpired));
        Assert.That(bench.Worker.Counters.Endpoints, Is.Zero);
    }

    [Test]
    public void Consent_is_renewed_by_ICE_checks_and_not_by_media()
    {
        using var bench = new WorkerBench();
        var checking = bench.Connect(1);
        var talking = bench.Connect(2);

        bench.Advance(TimeSpan.FromSeconds(20));
        checking.Check();
        bench.Advance(TimeSpan.FromSeconds(11), () => talking.Say(1));

        Assert.That(bench.IsConnected(1), Is.True);
        Assert.That(bench.ClosedBecause(2), Is.EqualTo(CloseReason.ConsentExpired), "RFC 7675 §5.1: only checks carry consent");
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
