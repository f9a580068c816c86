using Hype.Gateway.Auth;
using Hype.Gateway.Cluster;
using Hype.Gateway.Signaling.Messages;
using Hype.Gateway.Signaling.Replica;

namespace Hype.Gateway.Signaling.Renewal;

/// <summary>
/// Sends one client a new token when two thirds of the old one's life are over, for as long as its socket is here: with the same
/// rights, and as long a life. A client that has to join anew in the middle of a long call then has one that is good.
/// </summary>
internal sealed partial class TokenRefresh : IDisposable
{
    /// <summary>The grains do not answer: a third of the token's life is left for that.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    /// <summary>A token that lives for less is its application's affair.</summary>
    private static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(3);

    // injected
    private readonly AccessTokens _tokens;
    private readonly GrainAccess _grains;
    private readonly ISignalingSocket _socket;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    // owned
    private readonly ITimer _timer;
    private readonly TimeSpan _lifetime;
    private AccessToken _token;
    private volatile bool _over;

    private TokenRefresh(AccessToken token, TimeSpan lifetime, AccessTokens tokens, GrainAccess grains, ISignalingSocket socket, TimeProvider time, ILogger logger)
    {
        (_token, _lifetime, _tokens, _grains, _socket, _time, _logger) = (token, lifetime, tokens, grains, socket, time, logger);
        _timer = time.CreateTimer(_ => _ = RefreshAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Null: this gateway has nothing to sign with.</summary>
    public static TokenRefresh? Begin(AccessToken token, AccessTokens tokens, GrainAccess grains, ISignalingSocket socket, TimeProvider time, ILogger logger)
    {
        // Whole seconds, as tokens count.
        var issued = token.IssuedAt == DateTimeOffset.MinValue ? time.GetUtcNow() : token.IssuedAt;
        var lifetime = TimeSpan.FromSeconds(Math.Floor((token.Expires - issued).TotalSeconds));
        if (!tokens.CanMint || lifetime < ShortestLife)
            return null;

        var refresh = new TokenRefresh(token, lifetime, tokens, grains, socket, time, logger);
        refresh.Arm(issued + (lifetime * 2 / 3) - time.GetUtcNow());
        return refresh;
    }

    public void Dispose()
    {
        _over = true;
        _timer.Dispose();
    }

    private async Task RefreshAsync()
    {
        try
        {
            // Null: revoked. The channel ends the session, and there is no next token.
            if (await _grains.Ask(_grains.Identity(_token.Identity).Accept(_token.IssuedAt)) is not { } issuedAt || _over)
                return;
            _socket.Send(SignalingJsonContext.Frame(new TokenMessage(_tokens.Renew(_token, issuedAt, _lifetime), (long)_lifetime.TotalMilliseconds)));
            _token = _token with { IssuedAt = issuedAt, Expires = issuedAt + _lifetime };
            Arm(_lifetime * 2 / 3);
        }
        catch (Exception exception)
        {
            LogNotRefreshed(exception);
            if (_time.GetUtcNow() < _token.Expires)
                Arm(RetryDelay);
        }
    }

    private void Arm(TimeSpan due) => _timer.Change(due > TimeSpan.Zero ? due : TimeSpan.Zero, Timeout.InfiniteTimeSpan);

    [LoggerMessage(1, LogLevel.Warning, "A client's token could not be refreshed")]
    private partial void LogNotRefreshed(Exception exception);
}
