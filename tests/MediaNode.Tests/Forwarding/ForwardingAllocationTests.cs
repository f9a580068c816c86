using Hype.MediaNode.Net;
using Hype.MediaNode.Stun;
using Hype.MediaNode.Tests.Workers;

namespace Hype.MediaNode.Tests.Forwarding;

public sealed class ForwardingAllocationTests
{
    private const int Listeners = 20;
    private const int Warmup = 600;
    private const int Packets = 10_000;
    private const long Frame = 20_000;

    [Test]
    public void Forwarding_ten_thousand_packets_to_twenty_receivers_allocates_nothing([Values] bool portable)
    {
        using var bench = new WorkerBench(portable: portable);
        var speaker = bench.Connect(1);
        var listeners = bench.Connect(Enumerable.Range(2, Listeners).Select(number => (uint)number));
        var packets = Enumerable.Range(0, Warmup + Packets).Select(speaker.Frame).ToArray();
        bench.Acknowledge();
        var checks = listeners.Append(speaker).Select(peer => (peer.CheckRequest(), peer.Address)).ToArray();
        // The checks of the node are answered outside the measurement.
        var asked = Enumerable.Range(0, 2 * Listeners).Select(_ => new byte[StunMessage.MaxLength]).ToArray();
        var askedOf = new (int Length, TransportAddress To)[asked.Length];
        var count = 0;
        bench.Network.Socket.Deliver = (datagram, to) =>
        {
            if (DatagramClassifier.Classify(datagram) != DatagramKind.Stun || count == asked.Length)
                return;
            datagram.CopyTo(asked[count]);
            askedOf[count++] = (datagram.Length, to);
        };
        var forwarded = bench.Worker.Counters.Forwarded;
        var now = bench.Now;
        var allocated = 0L;

        for (var i = 0; i < packets.Length; i++)
        {
            // Consent, twice in ten seconds; not part of the measurement.
            if (i % 250 == 0)
            {
                foreach (var (check, from) in checks)
                    bench.Network.Socket.Arrive(check, from);
                bench.Worker.Turn(now);
            }

            now += Frame;
            var before = GC.GetAllocatedBytesForCurrentThread();
            bench.Network.Socket.Arrive(packets[i], speaker.Address);
            bench.Worker.Turn(now);
            if (i >= Warmup)
                allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            for (; count > 0; count--)
                bench.Network.Deliver(asked[count - 1].AsSpan(0, askedOf[count - 1].Length), askedOf[count - 1].To);
        }

        Assert.That(
            bench.Worker.Counters.Forwarded - forwarded, Is.EqualTo(packets.Length * Listeners), "every packet went to all receivers");
        Assert.That(allocated, Is.Zero);
    }
}
