using Hype.MediaClient;
using Hype.MediaNode.Tests.Workers;

namespace Hype.MediaNode.Tests.Hostile;

/// <summary>A connected member that sends <see cref="HostileTraffic"/>.</summary>
/// <param name="peer">The member's connection.</param>
/// <param name="random">The source of all decisions.</param>
/// <param name="forged">The sources that it forges, in each eighth datagram; null: it forges none.</param>
/// <param name="level">Returns the byte of the audio level of each packet; null: any levels.</param>
internal sealed class HostilePeer(TestPeer peer, Random random, ForgedSources? forged = null, Func<byte>? level = null)
{
    private readonly HostileTraffic _traffic = new(
        new HostileKeys(peer.Sender!, peer.Ssrc, peer.CheckRequest, peer.ForgedCheck), random, level: level);

    /// <summary>Sends hostile datagrams.</summary>
    public void Send(int datagrams)
    {
        for (var i = 0; i < datagrams; i++)
        {
            var datagram = _traffic.Next();
            if (forged is not null && random.Next(8) == 0)
                forged.Send(datagram, random);
            else
                peer.Send(datagram);
        }
    }

    /// <summary>Sends a media packet that jumps by a thousand sequence numbers.</summary>
    public void Jump() => peer.Send(_traffic.Jump());

    /// <summary>
    /// Connects a hostile member. It does not read the node's answers: those to mutated checks need not be valid.
    /// </summary>
    public static HostilePeer Join(
        WorkerBench bench, uint number, Random random, ForgedSources? forged = null, Func<byte>? level = null)
    {
        var peer = bench.Connect(number);
        peer.Leave();
        return new HostilePeer(peer, random, forged, level);
    }
}
