using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Grains.Abstractions.Identities;

/// <summary>
/// One identity in all channels, key = the identity as tokens name it: up to which moment its tokens are revoked, and the sessions
/// that such a revocation ends. Asked anew for each token, so that a revocation counts from the moment it was acknowledged.
/// </summary>
/// <remarks>
/// What is stored is the moment alone. The sessions are soft state: a channel says who comes and who goes, and says it again whenever
/// a gateway attaches, so that a grain that was lost knows them again, and a revocation that missed one is made good.
/// </remarks>
[Alias("hype.IIdentityGrain")]
public interface IIdentityGrain : IGrainWithStringKey
{
    /// <summary>A session takes a seat, or still has it. <see cref="VoiceError.Revoked"/>: its token counts no more.</summary>
    /// <param name="issuedAt">Of the token that let it in.</param>
    [Alias("Enter"), ResponseTimeout(IChannelGrain.Attempt)]
    Task<VoiceError> Enter(ChannelId channel, SessionId session, DateTimeOffset issuedAt);

    /// <summary>The session is over, or never began.</summary>
    [Alias("Left")]
    Task Left(ChannelId channel, SessionId session);

    /// <summary>
    /// Null: a token that was issued then is revoked. Else the moment at which a successor of it may be issued: by the clock that
    /// revocations are measured with, so that none slips through between two clocks.
    /// </summary>
    [Alias("Accept"), ResponseTimeout(IChannelGrain.Attempt)]
    Task<DateTimeOffset?> Accept(DateTimeOffset issuedAt);

    /// <summary>Stores that tokens issued up to now count no more, then ends the sessions that they let in.</summary>
    /// <param name="tokenLifetime">How long the longest-lived token can still be shown: then the moment is forgotten.</param>
    [Alias("Revoke")]
    Task<VoiceError> Revoke(TimeSpan tokenLifetime, CancellationToken cancellationToken = default);
}
