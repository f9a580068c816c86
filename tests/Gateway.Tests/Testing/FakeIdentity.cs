using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Identities;

namespace Hype.Gateway.Tests.Testing;

/// <summary>An identity whose revocation the test sets.</summary>
internal sealed class FakeIdentity : IIdentityGrain
{
    /// <summary>The time of the revocation: tokens issued up to it are refused.</summary>
    public DateTimeOffset? RevokedUpTo { get; set; }

    /// <summary>The time of issue of the next token; null: the same as the old token's.</summary>
    public DateTimeOffset? Now { get; set; }

    /// <summary>The exception that every call throws; null: none.</summary>
    public Exception? Failure { get; set; }

    /// <summary>The lifetime given with the newest revocation.</summary>
    public TimeSpan? RevocationLifetime { get; private set; }

    public Task<VoiceError> Enter(ChannelId channel, SessionId session, DateTimeOffset issuedAt) =>
        Task.FromResult(issuedAt <= RevokedUpTo ? VoiceError.Revoked : VoiceError.None);

    public Task Left(ChannelId channel, SessionId session) => Task.CompletedTask;

    public Task<DateTimeOffset?> Accept(DateTimeOffset issuedAt) => Failure is { } failure
        ? Task.FromException<DateTimeOffset?>(failure)
        : Task.FromResult<DateTimeOffset?>(issuedAt <= RevokedUpTo ? null : Now ?? issuedAt);

    public Task<VoiceError> Revoke(TimeSpan tokenLifetime, CancellationToken cancellationToken)
    {
        RevocationLifetime = tokenLifetime;
        return Task.FromResult(VoiceError.None);
    }
}
