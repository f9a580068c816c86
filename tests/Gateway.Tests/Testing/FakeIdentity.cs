using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Identities;

namespace Hype.Gateway.Tests.Testing;

/// <summary>An identity grain for tests; the test sets its revocation.</summary>
internal sealed class FakeIdentity : IIdentityGrain
{
    /// <summary>The time of the revocation: tokens issued up to this time are refused; null: no token is revoked.</summary>
    public DateTimeOffset? RevokedUpTo { get; set; }

    /// <summary>The time that the grain returns as the next token's time of issue; null: the time of issue of the old token.</summary>
    public DateTimeOffset? Now { get; set; }

    /// <summary>The exception that a check of a token throws; null: the check succeeds.</summary>
    public Exception? Failure { get; set; }

    /// <summary>The token lifetime that the gateway passed with the newest revocation.</summary>
    public TimeSpan? RevocationLifetime { get; private set; }

    public Task<VoiceError> Enter(ChannelId channel, SessionId session, DateTimeOffset issuedAt) =>
        Task.FromResult(issuedAt <= RevokedUpTo ? VoiceError.Revoked : VoiceError.None);

    public Task Left(ChannelId channel, SessionId session) => Task.CompletedTask;

    public Task<DateTimeOffset?> Accept(DateTimeOffset issuedAt) => Failure is { } failure
        ? Task.FromException<DateTimeOffset?>(failure)
        : Task.FromResult<DateTimeOffset?>(issuedAt <= RevokedUpTo ? null : Now ?? issuedAt);

    public Task<ModerationResult> Revoke(TimeSpan tokenLifetime, CancellationToken cancellationToken)
    {
        RevocationLifetime = tokenLifetime;
        return Task.FromResult(ModerationResult.Stored with { Sessions = 2 });
    }
}
