using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Identities;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Tests.Testing;

/// <summary>An identity of which the test says what is revoked.</summary>
internal sealed class FakeIdentity : IIdentityGrain
{
    /// <summary>Tokens issued up to then are refused.</summary>
    public DateTimeOffset? RevokedUpTo { get; set; }

    /// <summary>The clock that successors are issued by; null: that of the token itself.</summary>
    public DateTimeOffset? Now { get; set; }

    /// <summary>When set, every call fails with it.</summary>
    public Exception? Failure { get; set; }

    /// <summary>What was said with the newest revocation.</summary>
    public TimeSpan? KeptFor { get; private set; }

    public Task<VoiceError> Enter(ChannelId channel, SessionId session, DateTimeOffset issuedAt) => Task.FromResult(issuedAt <= RevokedUpTo ? VoiceError.Revoked : VoiceError.None);

    public Task Left(ChannelId channel, SessionId session) => Task.CompletedTask;

    public Task<DateTimeOffset?> Accept(DateTimeOffset issuedAt) => Failure is { } failure
        ? Task.FromException<DateTimeOffset?>(failure)
        : Task.FromResult<DateTimeOffset?>(issuedAt <= RevokedUpTo ? null : Now ?? issuedAt);

    public Task<VoiceError> Revoke(TimeSpan tokenLifetime, CancellationToken cancellationToken)
    {
        KeptFor = tokenLifetime;
        return Task.FromResult(VoiceError.None);
    }
}
