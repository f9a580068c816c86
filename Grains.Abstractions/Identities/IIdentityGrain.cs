using Hype.Grains.Abstractions.Calls;
using Hype.Grains.Abstractions.Errors;

namespace Hype.Grains.Abstractions.Identities;

/// <summary>
/// An identity in all its channels: the time up to which its tokens are revoked, and the sessions that a revocation ends. The grain key is
/// the identity as tokens name it. The grain is called for each token, so that a revocation is effective once it is acknowledged.
/// </summary>
/// <remarks>
/// Only that time is stored. The sessions are soft state: a channel registers and unregisters them, and registers them again whenever a
/// gateway attaches. So a grain that was lost knows them again, and a session that a revocation missed ends then.
/// </remarks>
[Alias("hype.IIdentityGrain")]
public interface IIdentityGrain : IGrainWithStringKey
{
    /// <summary>
    /// Registers a session; the call may be repeated. <see cref="VoiceError.Revoked"/>: its token is not valid any longer.
    /// </summary>
    /// <param name="issuedAt">The time at which the session's token was issued.</param>
    [Alias("Enter"), ResponseTimeout(CallTimeouts.Attempt)]
    Task<VoiceError> Enter(ChannelId channel, SessionId session, DateTimeOffset issuedAt);

    /// <summary>Unregisters a session that is over or was refused.</summary>
    [Alias("Left")]
    Task Left(ChannelId channel, SessionId session);

    /// <summary>
    /// Checks a token by its time of issue. Returns null if the token is revoked, otherwise the time of issue for the token that replaces
    /// it. That time comes from the clock that dates revocations, so that a difference between clocks cannot save a token from a
    /// revocation.
    /// </summary>
    [Alias("Accept"), ResponseTimeout(CallTimeouts.Attempt)]
    Task<DateTimeOffset?> Accept(DateTimeOffset issuedAt);

    /// <summary>Stores that the tokens issued up to now are revoked, then ends their sessions.</summary>
    /// <param name="tokenLifetime">The longest lifetime of a token: after it the revocation can be forgotten.</param>
    [Alias("Revoke")]
    Task<VoiceError> Revoke(TimeSpan tokenLifetime, CancellationToken cancellationToken = default);
}
