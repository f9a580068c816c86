using Hype.MediaNode.Net;

namespace Hype.MediaClient;

/// <summary>
/// A simulated network path between a peer and its socket, with loss or delay that this machine does not have. Only its driver's thread
/// uses it.
/// </summary>
internal interface IPeerPath
{
    /// <summary>
    /// Returns the sink into which the peer sends. Datagrams that the path does not lose go on to <paramref name="socket"/>.
    /// </summary>
    IDatagramSink Over(IDatagramSink socket);

    /// <summary>
    /// Receives a datagram for the peer. The path may change the datagram in place; its memory is invalid after the call.
    /// </summary>
    void Receive(VoicePeer peer, Span<byte> datagram, TransportAddress from, long now);

    /// <summary>Delivers the datagrams that are due; called about once a millisecond.</summary>
    void Turn(VoicePeer peer, long now);
}
