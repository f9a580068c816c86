using Hype.MediaClient;
using Hype.MediaNode.Net;

namespace Hype.LoadTest.Media;

/// <summary>The parameters of the other side of a transport, as its SDP or API describes them.</summary>
/// <param name="Addresses">
/// The other side's candidates, best first, which this side checks one after another. Empty: the other side sends the checks.
/// </param>
/// <param name="Sha256">The SHA-256 of the other side's certificate (RFC 8122); null: this side does not check the certificate.</param>
internal sealed record RemoteTransport(IceCredentials Ice, IReadOnlyList<TransportAddress> Addresses, byte[]? Sha256)
{
    /// <summary>True if the other side is an ICE-lite agent, so that this side sends the checks (RFC 8839 §5.3).</summary>
    public bool IsLite { get; init; }
}
