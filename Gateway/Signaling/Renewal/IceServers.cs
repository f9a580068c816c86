using System.Security.Cryptography;
using System.Text;
using Hype.Gateway.Configuration;
using Hype.Gateway.Signaling.Messages;
using Hype.Gateway.Signaling.Replica;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Signaling.Renewal;

/// <summary>
/// The STUN and TURN servers for one client. Those with a secret get credentials that are the client's own and end by themselves, made
/// without asking the server (draft-uberti-behave-turn-rest; coturn's <c>use-auth-secret</c>): the username is the moment at which
/// they end and the identity, and the credential is that, signed.
/// </summary>
internal sealed class IceServers(IOptions<GatewayOptions> options, TimeProvider time)
{
    /// <summary>Two thirds of the shortest life, as with tokens; null: nothing ends.</summary>
    private readonly TimeSpan? _renewal = options.Value.IceServers.Where(server => server.Secret is not null)
        .Min(server => (TimeSpan?)server.CredentialLifetime) * 2 / 3;

    public IceServer[] For(string identity) => [.. options.Value.IceServers.Select(server => For(server, identity))];

    /// <summary>
    /// Sends the client new credentials before the old ones end, for as long as what is returned is not disposed: in a long call too there are
    /// newcomers to connect to, and networks that change.
    /// </summary>
    /// <returns>Null: nothing ends.</returns>
    public IDisposable? KeepFresh(string identity, ISignalingSocket socket) => _renewal is { } period
        ? time.CreateTimer(_ => socket.Send(SignalingJsonContext.Frame(new IceServersMessage(For(identity)))), null, period, period)
        : null;

    private IceServer For(IceServerOptions server, string identity)
    {
        if (server.Secret is not { } secret)
            return new IceServer(server.Urls, server.Username, server.Credential);
        var username = $"{(time.GetUtcNow() + server.CredentialLifetime).ToUnixTimeSeconds()}:{identity}";
        return new IceServer(server.Urls, username, Sign(secret, username));
    }

#pragma warning disable CA5350 // SHA-1 is what the servers compute; as an HMAC nothing is known against it.
    private static string Sign(string secret, string username) =>
        Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(username)));
#pragma warning restore CA5350
}
