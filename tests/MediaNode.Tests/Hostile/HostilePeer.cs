using Hype.MediaClient;
using Hype.MediaNode.Tests.Workers;

namespace Hype.MediaNode.Tests.Hostile;

/// <summary>A connected member that sends <see cref="HostileTraffic"/>.</summary>
internal sealed class HostilePeer(TestPeer peer, Random random)
{
    private readonly HostileTraffic _traffic = new(
        new HostileKeys(peer.Sender!, peer.Ssrc, peer.CheckRequest, peer.ForgedCheck), random);

    /// <summary>Sends one hostile datagram.</summary>
    public void Send() => peer.Send(_traffic.Next());

    /// <summary>Sends a media packet that jumps by a thousand sequence numbers.</summary>
    public void Jump() => peer.Send(_traffic.Jump());
}
