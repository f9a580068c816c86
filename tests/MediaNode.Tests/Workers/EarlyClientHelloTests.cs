using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Tests.Dtls;
using Hype.MediaNode.Transport;

namespace Hype.MediaNode.Tests.Workers;

/// <summary>Tests the handling of ClientHellos that arrive before the first STUN check of their address.</summary>
public sealed class EarlyClientHelloTests
{
    [Test]
    public void ClientHello_before_the_first_ICE_check_is_answered_after_the_ICE_check()
    {
        using var bench = new WorkerBench();
        var peer = bench.Add(1);
        var (first, second) = ClientHello.Cut(peer.Greeting());
        peer.Send(second);
        peer.Send(first);
        bench.Turn();
        Assert.That(bench.Network.Socket.DatagramsSent, Is.Zero, "nothing is sent to an address without an authenticated check");

        peer.Check();
        bench.Turn();
        bench.Answer(peer);

        Assert.That(bench.IsConnected(1), Is.True);
    }

    [Test]
    public void ClientHello_before_the_first_ICE_check_expires_after_half_a_second()
    {
        using var bench = new WorkerBench();
        var peer = bench.Add(1);
        peer.Greet();
        bench.Turn();
        bench.Advance(TimeSpan.FromMilliseconds(600));

        peer.Check();
        bench.Turn();

        Assert.That(peer.Dtls.State, Is.EqualTo(DtlsState.Handshaking));
        Assert.That(bench.Network.Socket.DatagramsSent, Is.EqualTo(1), "the answer to the check");
    }

    [Test]
    public void Invalid_ClientHello_before_the_first_ICE_check_closes_the_endpoint_once()
    {
        using var bench = new WorkerBench();
        var peer = bench.Add(1);
        var hello = peer.Greeting();
        // A hello without a known cipher, then another one that finds its endpoint gone.
        var hopeless = (byte[])hello.Clone();
        var body = hopeless.AsSpan(25);
        var ciphers = 2 + 32 + 1 + 1;
        body[ciphers..][2..].Clear();
        peer.Send(hopeless);
        peer.Send(hello);
        bench.Turn();

        peer.Check();
        bench.Turn();

        Assert.That(bench.ClosedBecause(1), Is.EqualTo(CloseReason.DtlsFailed));
        Assert.That(bench.Drops[DropReason.DtlsRefused], Is.EqualTo(1));
    }

    [Test]
    public void Number_of_stored_ClientHello_datagrams_is_bounded_per_address_and_in_total()
    {
        var early = new EarlyDatagrams();
        var hello = new byte[1200];
        hello[0] = 22;
        hello[13] = 1;

        for (uint number = 0; number < 1000; number++)
        {
            for (var i = 0; i < 10; i++)
                early.Store(hello, WorkerBench.AddressOf(number), now: 0);
        }

        Assert.That(Taken(early, 999), Is.EqualTo(EarlyDatagrams.PerAddress));
        Assert.That(Taken(early, 0), Is.Zero, "the oldest was evicted first");
    }

    [TestCase(22, 2, 100, TestName = "ServerHello_before_the_first_ICE_check_is_not_stored")]
    [TestCase(23, 1, 100, TestName = "Application_data_before_the_first_ICE_check_is_not_stored")]
    [TestCase(22, 1, 1501, TestName = "ClientHello_longer_than_1500_bytes_is_not_stored_before_the_first_ICE_check")]
    public void Only_ClientHello_datagrams_are_stored_before_the_first_ICE_check(int recordType, int messageType, int length)
    {
        var early = new EarlyDatagrams();
        var datagram = new byte[length];
        datagram[0] = (byte)recordType;
        datagram[13] = (byte)messageType;

        early.Store(datagram, WorkerBench.AddressOf(1), now: 0);

        Assert.That(Taken(early, 1), Is.Zero);
    }

    private static int Taken(EarlyDatagrams early, uint number)
    {
        var count = 0;
        while (early.TryTake(WorkerBench.AddressOf(number), now: 0, out _))
            count++;
        return count;
    }
}
