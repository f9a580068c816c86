using Hype.MediaClient;
using Hype.MediaNode.Net;

namespace Hype.LoadTest.Media;

/// <summary>The server's side of a transport, as its SDP or API tells it.</summary>
/// <param name="Sha256">Of its certificate (RFC 8122); null: not checked.</param>
/// <param name="ServesDtls">False: the other side is DTLS client (<c>a=setup:active</c>), so ours is the server.</param>
/// <param name="ChecksUs">The other side checks and nominates, ours only answers.</param>
internal sealed record RemoteTransport(IceCredentials Ice, TransportAddress? Address, byte[]? Sha256, bool ServesDtls = true, bool ChecksUs = false);
