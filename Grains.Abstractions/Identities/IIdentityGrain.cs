using Hype.Grains.Abstractions.Calls;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Orleans.CodeGeneration;

namespace Hype.Grains.Abstractions.Identities;

/// <summary>
/// A user of the application (an identity) in all channels: the time up to which the user's tokens are revoked, and the sessions that a
/// revocation ends. The grain key is the identity, as tokens name it. The grain checks every token, so that an acknowledged revocation is
/// effective everywhere.
/// </summary>
/// <remarks>
/// Only that time is stored. The sessions are soft state: a channel registers and unregisters them, and registers them again whenever a
/// gateway attaches. So a grain that was lost knows them again, and a session that a revocation missed ends then.
/// </remarks>
[Alias("hype.IIdentityGrain"), Version(1)]
public interface IIdentityGrain : IGrainWithStringKey
{
    /// <summary>
    /// Registers a session of the identity; the call may be repeated. Returns <see cref="VoiceError.Revoked"/> if the session's token is
    /// revoked.
    /// </summary>
    /// <param name="issuedAt">The time at which the session's token was issued.</param>
    [Alias("Enter"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task<VoiceError> Enter(ChannelId channel, SessionId session, DateTimeOffset issuedAt);

    /// <summary>Unregisters a session that ended, or that its channel refused.</summary>
    [Alias("Left"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task Left(ChannelId channel, SessionId session);

    /// <summary>
    /// Checks a token by its time of issue. Returns null if the token is revoked, otherwise the time of issue to write into the token that
    /// replaces it. The same clock supplies that time and the times of revocations, so a difference between clocks cannot protect a token
    /// from a revocation.
    /// </summary>
    [Alias("Accept"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task<DateTimeOffset?> Accept(DateTimeOffset issuedAt);

    /// <summary>
    /// Revokes all tokens that were issued until now, even by an issuer whose clock is 30 s ahead; ends the sessions of those tokens, and
    /// stores the revocation. The result has the number of these sessions.
    /// </summary>
    /// <param name="tokenLifetime">The longest lifetime of a token: after it the revocation can be forgotten.</param>
    [Alias("Revoke"), Idempotent]
    Task<ModerationResult> Revoke(TimeSpan tokenLifetime, CancellationToken cancellationToken = default);
}
