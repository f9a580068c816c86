using Hype.MediaClient;
using Hype.MediaNode.Net;

namespace Hype.LoadTest.Media;

/// <summary>The other side of a transport, as described by its SDP or API.</summary>
/// <param name="Addresses">Its candidates, best first, checked one after another. Empty: it sends the checks.</param>
/// <param name="Sha256">The SHA-256 of its certificate (RFC 8122); null: not checked.</param>
internal sealed record RemoteTransport(IceCredentials Ice, IReadOnlyList<TransportAddress> Addresses, byte[]? Sha256)
{
    /// <summary>True: the other side sends no checks; this side does (RFC 8839 §5.3).</summary>
    public bool IsLite { get; init; }
}
