using Hype.MediaNode.Net;
using Hype.MediaNode.Tests.Workers;
using Hype.MediaNode.Transport;

namespace Hype.MediaNode.Tests.Hostile;

/// <summary>
/// The source addresses that a hostile member forges: addresses at which no client receives, and those of honest members. Counts the bytes
/// that the node sends there because of the forged datagrams. The client of an honest member ignores them, so that they are not delivered.
/// </summary>
internal sealed class ForgedSources
{
    private readonly FakeNetwork _network;
    private readonly List<Source> _sources;

    /// <param name="bench">The bench of the hostile member; the delivery of its worker's datagrams is replaced.</param>
    /// <param name="checksFrom">An address at which no client receives, and from which only STUN is forged.</param>
    /// <param name="anythingFrom">An address at which no client receives, and from which anything is forged.</param>
    /// <param name="honest">Members of any room of the worker.</param>
    public ForgedSources(WorkerBench bench, TransportAddress checksFrom, TransportAddress anythingFrom, params TestPeer[] honest)
    {
        _network = bench.Network;
        _sources =
        [
            new Source(checksFrom, Client: null),
            new Source(anythingFrom, Client: null),
            .. honest.Select(peer => new Source(peer.Address, peer)),
        ];
        var deliver = _network.Socket.Deliver;
        _network.Socket.Deliver = (datagram, to) =>
        {
            if (_sources.Find(source => source.Address == to) is not { } source || source.Client?.Expects(datagram) == true)
            {
                deliver(datagram, to);
                return;
            }

            source.Packets++;
            source.Sent += datagram.Length;
            source.GetsOnlyStun &= IsStun(datagram);
        };
    }

    /// <summary>Sends a datagram to the node from one of the addresses.</summary>
    public void Send(byte[] datagram, Random random)
    {
        var isStun = IsStun(datagram);
        var source = _sources[random.Next(isStun ? 0 : 1, _sources.Count)];
        // Anything but STUN counts as an honest member's own datagram, so that it permits no bytes of the hostile one.
        if (source.Client is null || isStun)
            source.Received += datagram.Length;
        _network.Socket.Arrive(datagram, source.Address);
    }

    /// <summary>
    /// Asserts that each address receives at most the permitted multiple of the bytes that were sent in its name, and no media because of
    /// checks alone. Media to an honest member, which cannot decrypt it, counts there (<see cref="TestPeer.Unreadable"/>).
    /// </summary>
    public void AssertAmplification()
    {
        foreach (var source in _sources)
        {
            var result = $"{source.Address}: {source.Packets:N0} packets, {source.Sent:N0} bytes for {source.Received:N0} forged bytes";
            TestContext.Out.WriteLine($"  {result}");
            Assert.That(source.Sent, Is.Positive.And.AtMost(PathSelector.Amplification * source.Received), result);
        }

        Assert.That(_sources[0].GetsOnlyStun, Is.True);
    }

    private static bool IsStun(ReadOnlySpan<byte> datagram) => DatagramClassifier.Classify(datagram) == DatagramKind.Stun;

    /// <param name="Client">The member that receives at the address; null: none.</param>
    private sealed record Source(TransportAddress Address, TestPeer? Client)
    {
        /// <summary>The datagrams that the node sent there because of forged ones.</summary>
        public int Packets { get; set; }

        /// <summary>The bytes of these datagrams.</summary>
        public long Sent { get; set; }

        /// <summary>True if all of these datagrams are STUN.</summary>
        public bool GetsOnlyStun { get; set; } = true;

        /// <summary>The bytes that the node received from there and that were forged.</summary>
        public long Received { get; set; }
    }
}
