using System.Security.Cryptography;
using System.Text;
using Hype.Gateway.Hosting;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Signaling;

/// <summary>
/// The STUN and TURN servers for one client. Those with a secret get credentials that are the client's own and end by themselves, made
/// without asking the server (draft-uberti-behave-turn-rest; coturn's <c>use-auth-secret</c>): the username is the moment at which
/// they end and the identity, and the credential is that, signed.
/// </summary>
internal sealed class IceServers(IOptions<GatewayOptions> options, TimeProvider time)
{
    public IceServer[] For(string identity) => [.. options.Value.IceServers.Select(server => For(server, identity))];

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
