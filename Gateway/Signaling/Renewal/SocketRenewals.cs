using Hype.Gateway.Auth;
using Hype.Gateway.Cluster;
using Hype.Gateway.Signaling.Replica;

namespace Hype.Gateway.Signaling.Renewal;

/// <summary>Renews the token and the TURN credentials of one client while its socket is open.</summary>
internal sealed class SocketRenewals(
    ISignalingSocket socket,
    AccessTokens tokens,
    GrainAccess grains,
    IceServers iceServers,
    TimeProvider time,
    ILogger<TokenRefresh> logger)
        : IDisposable
{
    private TokenRefresh? _token;
    private IDisposable? _iceServers;

    public void RenewToken(AccessToken access) => _token = TokenRefresh.Begin(access, tokens, grains, socket, time, logger);

    /// <summary>
    /// Starts to renew the token that a client sent with its resume. An invalid token, or one of another identity, is ignored, and the
    /// resume still succeeds.
    /// </summary>
    public async Task RenewTokenAsync(string token, string identity)
    {
        if (await tokens.ReadAsync(token) is { } access && access.Identity == identity)
            RenewToken(access);
    }

    public void RenewIceServers(string identity) => _iceServers = iceServers.Renew(identity, socket);

    public void Dispose()
    {
        _token?.Dispose();
        _iceServers?.Dispose();
    }
}
