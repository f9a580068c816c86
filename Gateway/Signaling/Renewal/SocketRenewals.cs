using Hype.Gateway.Auth;
using Hype.Gateway.Cluster;
using Hype.Gateway.Signaling.Messages;
using Hype.Gateway.Signaling.Replica;

namespace Hype.Gateway.Signaling.Renewal;

/// <summary>
/// Renews the token and the TURN credentials of one client while its socket is open. If the deployment ends sessions with their tokens, it
/// closes the socket after the newest token has expired.
/// </summary>
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
    private ITimer? _expiry;

    public void RenewToken(AccessToken access)
    {
        _token = TokenRefresh.Begin(access, tokens, grains, socket, time, logger);
        if (!tokens.EndAtExpiry)
            return;
        _expiry = time.CreateTimer(_ => CloseIfExpired(access), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        CloseIfExpired(access);
    }

    /// <summary>
    /// Starts to renew the token that a client sent with its resume. An invalid token, or one of another identity, is ignored, and the
    /// resume still succeeds, unless the deployment ends sessions with their tokens.
    /// </summary>
    public async Task RenewTokenAsync(string? token, string identity)
    {
        if (token is not null && await tokens.ReadAsync(token) is { } access && access.Identity == identity)
            RenewToken(access);
        else if (tokens.EndAtExpiry)
            socket.Close(SocketCloseReason.Unauthorized);
    }

    public void RenewIceServers(string identity) => _iceServers = iceServers.Renew(identity, socket);

    public void Dispose()
    {
        _token?.Dispose();
        _iceServers?.Dispose();
        _expiry?.Dispose();
    }

    private void CloseIfExpired(AccessToken access)
    {
        var left = (_token?.Expires ?? access.Expires) - time.GetUtcNow();
        if (left > TimeSpan.Zero)
            _expiry?.Change(left, Timeout.InfiniteTimeSpan);
        else
            socket.Close(SocketCloseReason.Unauthorized);
    }
}
