using Hype.MediaClient;
using Hype.MediaNode.Net;

namespace Hype.LoadTest.Media;

/// <summary>The other side of a transport, as its SDP or API tells it.</summary>
/// <param name="Addresses">Its candidates, best first; they are checked one after the other. Empty: it checks us.</param>
/// <param name="Sha256">Of its certificate (RFC 8122); null: not checked.</param>
internal sealed record RemoteTransport(IceCredentials Ice, IReadOnlyList<TransportAddress> Addresses, byte[]? Sha256)
{
    /// <summary>It never checks, we do (RFC 8839 §5.3).</summary>
    public bool IsLite { get; init; }
}
