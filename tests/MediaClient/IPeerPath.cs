using Hype.MediaNode.Net;

namespace Hype.MediaClient;

/// <summary>
/// What lies between a peer and its socket: a network that is worse than this machine's. Belongs to the thread of its driver.
/// </summary>
internal interface IPeerPath
{
    /// <summary>Where the peer sends into; what arrives at the end goes to <paramref name="socket"/>.</summary>
    IDatagramSink Over(IDatagramSink socket);

    /// <summary>A datagram for the peer has come to this end of the path; it may be changed in place, and is gone after the call.</summary>
    void Receive(VoicePeer peer, Span<byte> datagram, TransportAddress from, long now);

    /// <summary>About once a millisecond: what has been under way long enough arrives.</summary>
    void Turn(VoicePeer peer, long now);
}
