using Hype.MediaNode.Net;
using Hype.MediaNode.Tests.Net;

namespace Hype.MediaNode.Tests.Workers;

/// <summary>A fake network of one worker: it delivers the worker's datagrams to the peer that has the destination address.</summary>
internal sealed class FakeNetwork
{
    private readonly Dictionary<TransportAddress, TestPeer> _peers = [];

    public FakeNetwork() => Socket.Deliver = Deliver;

    public FakeDatagramSocket Socket { get; } = new();

    /// <summary>Decides which datagrams of the node are lost; null: none.</summary>
    public Predicate<byte[]>? Loses { get; set; }

    /// <summary>The number of datagrams that the node sent to addresses without a peer.</summary>
    public int Strays { get; private set; }

    public void Add(TestPeer peer) => _peers[peer.Address] = peer;

    public void Remove(TestPeer peer) => _peers.Remove(peer.Address);

    public void Deliver(ReadOnlySpan<byte> datagram, TransportAddress to)
    {
        if (Loses is not null && Loses(datagram.ToArray()))
            return;
        if (_peers.TryGetValue(to, out var peer))
            peer.Receive(datagram);
        else
            Strays++;
    }
}
