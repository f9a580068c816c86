using Hype.Gateway.Auth;
using Hype.Gateway.Cluster;
using Hype.Gateway.Signaling.Replica;

namespace Hype.Gateway.Signaling.Renewal;

/// <summary>Renews one client's credentials while its socket is open: its token and its access to TURN servers.</summary>
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
    /// Renews a token that came with a resume. An invalid token, or one of another identity, is ignored: it does not refuse the resume.
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
