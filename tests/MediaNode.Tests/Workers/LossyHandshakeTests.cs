using Hype.MediaNode.Dtls;

namespace Hype.MediaNode.Tests.Workers;

/// <summary>
/// Tests DTLS handshakes with lost datagrams. OpenSSL's retransmission timer follows the machine's clock, which a test cannot control. So
/// the tests wait actively until it expires (a quarter of a second), and fail after a multiple of that time.
/// </summary>
public sealed class LossyHandshakeTests
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    [Test]
    public void Lost_handshake_flight_of_the_node_is_repeated_by_the_nodes_timer()
    {
        using var bench = new WorkerBench();
        var peer = bench.Add(1);
        bench.Answer(peer);
        peer.Check();
        bench.Turn();
        var lost = 0;
        bench.Network.Loses = datagram => IsDtls(datagram) && lost++ >= 0;
        peer.Greet();
        bench.Turn();
        Assert.That(lost, Is.Positive, "the first flight was sent and lost");
        bench.Network.Loses = null;

        var connected = SpinWait.SpinUntil(
            () =>
            {
                bench.FollowRealTime();
                return peer.Dtls.State == DtlsState.Connected;
            },
            TimeLimit);

        Assert.That(connected, Is.True);
        Assert.That(bench.IsConnected(1), Is.True);
    }

    [Test]
    public void Lost_last_handshake_flight_of_the_node_is_repeated_when_the_client_repeats_its_flight()
    {
        using var bench = new WorkerBench();
        var peer = bench.Add(1);
        bench.Answer(peer);
        peer.Check();
        bench.Turn();
        // ChangeCipherSpec (20) begins the node's last flight.
        var lost = 0;
        bench.Network.Loses = datagram => datagram[0] == 20 && lost++ == 0;
        peer.Greet();
        bench.Turn();
        Assert.That(lost, Is.EqualTo(1));
        Assert.That(bench.IsConnected(1), Is.True, "the node has completed the handshake");
        Assert.That(peer.Dtls.State, Is.EqualTo(DtlsState.Handshaking), "the client has not completed it");

        var connected = SpinWait.SpinUntil(
            () =>
            {
                peer.RepeatFlight();
                bench.Turn();
                return peer.Dtls.State == DtlsState.Connected;
            },
            TimeLimit);

        Assert.That(connected, Is.True);
    }

    [Test]
    public void Handshake_succeeds_after_the_client_repeats_a_lost_flight()
    {
        using var bench = new WorkerBench();
        var peer = bench.Add(1);
        bench.Answer(peer);
        peer.Check();
        var sent = 0;
        peer.Loses = _ => sent++ is 0;
        peer.Greet();
        bench.Turn();

        var connected = SpinWait.SpinUntil(
            () =>
            {
                peer.RepeatFlight();
                bench.FollowRealTime();
                return bench.IsConnected(1) && peer.Dtls.State == DtlsState.Connected;
            },
            TimeLimit);

        Assert.That(connected, Is.True);
    }

    private static bool IsDtls(byte[] datagram) => datagram[0] is >= 20 and <= 63;
}
