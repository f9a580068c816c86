using Hype.Gateway.Auth;
using Hype.Gateway.Cluster;
using Hype.Gateway.Signaling.Messages;
using Hype.Gateway.Signaling.Replica;

namespace Hype.Gateway.Signaling.Renewal;

/// <summary>
/// Sends one client a new token when two thirds of the old one's lifetime have passed, while its socket is open. The new token has the
/// same grants and lifetime, so that a client that must join again during a long call has a valid token. The last renewed token ends with
/// the longest session (<see cref="AuthOptions.MaxSession"/>); no other one follows.
/// </summary>
internal sealed partial class TokenRefresh : IDisposable
{
    /// <summary>The pause before a failed renewal is retried; a third of the token's lifetime remains for retries.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    /// <summary>The shortest lifetime of a token that is renewed; an application that signs shorter tokens replaces them itself.</summary>
    private static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(3);

    // Injected.
    private readonly AccessTokens _tokens;
    private readonly GrainAccess _grains;
    private readonly ISignalingSocket _socket;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    // Owned.
    private readonly ITimer _timer;
    private readonly TimeSpan _lifetime;
    private AccessToken _token;
    private volatile bool _over;

    private TokenRefresh(
        AccessToken token,
        TimeSpan lifetime,
        AccessTokens tokens,
        GrainAccess grains,
        ISignalingSocket socket,
        TimeProvider time,
        ILogger logger)
    {
        (_token, _lifetime, _tokens, _grains, _socket, _time, _logger) = (token, lifetime, tokens, grains, socket, time, logger);
        _timer = time.CreateTimer(_ => _ = RefreshAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// Starts to renew a token; returns null when this gateway has no key to sign with, or when the lifetime is too short.
    /// </summary>
    public static TokenRefresh? Begin(
        AccessToken token, AccessTokens tokens, GrainAccess grains, ISignalingSocket socket, TimeProvider time, ILogger logger)
    {
        // Tokens count whole seconds.
        var issued = token.IssuedAt == DateTimeOffset.MinValue ? time.GetUtcNow() : token.IssuedAt;
        var lifetime = TimeSpan.FromSeconds(Math.Floor((token.Expires - issued).TotalSeconds));
        if (!tokens.CanMint || lifetime < ShortestLife)
            return null;
        var started = token.AuthenticatedAt == DateTimeOffset.MinValue ? issued : token.AuthenticatedAt;
        if (token.Expires >= started + tokens.LongestSession)
            return null;
        var refresh = new TokenRefresh(token with { AuthenticatedAt = started }, lifetime, tokens, grains, socket, time, logger);
        refresh.Arm(issued + (lifetime * 2 / 3) - time.GetUtcNow());
        return refresh;
    }

    /// <summary>The end of the newest token.</summary>
    public DateTimeOffset Expires => _token.Expires;

    public void Dispose()
    {
        _over = true;
        _timer.Dispose();
    }

    private async Task RefreshAsync()
    {
        try
        {
            // Null: the token is revoked. The channel ends the session, and there is no next token.
            if (await _grains.Ask(_grains.Identity(_token.Identity).Accept(_token.IssuedAt)) is not { } issuedAt || _over)
                return;
            var left = _token.AuthenticatedAt + _tokens.LongestSession - issuedAt;
            var lifetime = left < _lifetime ? left : _lifetime;
            if (lifetime < ShortestLife)
                return;
            var renewed = new TokenMessage(_tokens.Renew(_token, issuedAt, lifetime), (long)lifetime.TotalMilliseconds);
            _socket.Send(SignalingJsonContext.Frame(renewed));
            _token = _token with { IssuedAt = issuedAt, Expires = issuedAt + lifetime };
            if (left > _lifetime)
                Arm(_lifetime * 2 / 3);
        }
        catch (Exception exception)
        {
            LogRenewalFailed(exception);
            if (_time.GetUtcNow() < _token.Expires)
                Arm(RetryDelay);
        }
    }

    private void Arm(TimeSpan due) => _timer.Change(due > TimeSpan.Zero ? due : TimeSpan.Zero, Timeout.InfiniteTimeSpan);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Failed to renew a client's token")]
    private partial void LogRenewalFailed(Exception exception);
}
