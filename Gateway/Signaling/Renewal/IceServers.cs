using System.Security.Cryptography;
using System.Text;
using Hype.Gateway.Configuration;
using Hype.Gateway.Signaling.Messages;
using Hype.Gateway.Signaling.Replica;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Signaling.Renewal;

/// <summary>
/// The STUN and TURN servers for one client. For a server with a secret, each client gets its own credentials, which expire and are
/// computed without a request to the server (draft-uberti-behave-turn-rest; coturn's <c>use-auth-secret</c>): the username is the time
/// of expiry and a hash of the identity, and the credential is its signature.
/// </summary>
internal sealed class IceServers(IOptions<GatewayOptions> options, TimeProvider time)
{
    /// <summary>
    /// The bytes of an identity's SHA-256 that a username has, in hex. coturn refuses usernames with spaces, quotes, backslashes or words
    /// of SQL, and usernames above 512 bytes; hex has none of these. An identity always has the same hash, so the quota per user works.
    /// </summary>
    private const int HashBytes = 16;

    /// <summary>
    /// The interval at which credentials are renewed: two thirds of the shortest lifetime; null when no credential expires.
    /// </summary>
    private readonly TimeSpan? _renewal = options.Value.IceServers.Where(server => server.Secret is not null)
        .Min(server => (TimeSpan?)server.CredentialLifetime) * 2 / 3;

    public IceServer[] For(string identity) => [.. options.Value.IceServers.Select(server => For(server, identity))];

    /// <summary>
    /// Sends a client new credentials before the old ones expire, until the result is disposed. In a long call the client needs them for
    /// connections to new members and from other networks.
    /// </summary>
    /// <returns>Null when no credential expires.</returns>
    public IDisposable? Renew(string identity, ISignalingSocket socket) => _renewal is { } period
        ? time.CreateTimer(_ => socket.Send(SignalingJsonContext.Frame(new IceServersMessage(For(identity)))), null, period, period)
        : null;

    private IceServer For(IceServerOptions server, string identity)
    {
        if (server.Secret is not { } secret)
            return new IceServer(server.Urls, server.Username, server.Credential);
        var username = $"{(time.GetUtcNow() + server.CredentialLifetime).ToUnixTimeSeconds()}:{UserOf(identity)}";
        return new IceServer(server.Urls, username, Sign(secret, username));
    }

    private static string UserOf(string identity) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)).AsSpan(0, HashBytes));

#pragma warning disable CA5350 // The servers compute SHA-1; no attack on it as an HMAC is known.
    private static string Sign(string secret, string username) =>
        Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(username)));
#pragma warning restore CA5350
}
