using Hype.MediaNode.Net;

namespace Hype.MediaClient;

/// <summary>
/// The path between a peer and its socket: simulates a network worse than this machine's. Owned by its driver's thread.
/// </summary>
internal interface IPeerPath
{
    /// <summary>Returns the peer's end of the path; datagrams that cross the path go to <paramref name="socket"/>.</summary>
    IDatagramSink Over(IDatagramSink socket);

    /// <summary>Receives a datagram for the peer; it may be changed in place, and is invalid after the call.</summary>
    void Receive(VoicePeer peer, Span<byte> datagram, TransportAddress from, long now);

    /// <summary>Delivers due datagrams; called about once a millisecond.</summary>
    void Turn(VoicePeer peer, long now);
}
