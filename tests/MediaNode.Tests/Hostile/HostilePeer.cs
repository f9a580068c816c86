using Hype.MediaClient;
using Hype.MediaNode.Net;
using Hype.MediaNode.Tests.Workers;

namespace Hype.MediaNode.Tests.Hostile;

/// <summary>
/// A connected member that sends <see cref="HostileTraffic"/>, each eighth datagram with a source address that is not its own.
/// </summary>
/// <param name="peer">The member's connection.</param>
/// <param name="random">The source of all decisions.</param>
/// <param name="forge">Sends a datagram with a source address.</param>
/// <param name="sources">The source addresses that it forges.</param>
internal sealed class HostilePeer(
    TestPeer peer, Random random, Action<byte[], TransportAddress> forge, IReadOnlyList<TransportAddress> sources)
{
    private readonly HostileTraffic _traffic = new(
        new HostileKeys(peer.Sender!, peer.Ssrc, peer.CheckRequest, peer.ForgedCheck), random);

    /// <summary>Sends one hostile datagram.</summary>
    public void Send()
    {
        var datagram = _traffic.Next();
        if (random.Next(8) == 0)
            forge(datagram, sources[random.Next(sources.Count)]);
        else
            peer.Send(datagram);
    }

    /// <summary>Sends a media packet that jumps by a thousand sequence numbers.</summary>
    public void Jump() => peer.Send(_traffic.Jump());
}
