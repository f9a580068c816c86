using Hype.Grains.Storage;

namespace Hype.Grains.Identities;

/// <summary>
/// The stored state of an identity. There is a record only after a revocation; it is written before the revocation is acknowledged.
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.IdentityState")]
internal sealed record IdentityState : IWrittenState
{
    /// <summary>The name of the record in grain storage.</summary>
    public const string StorageName = "identity";

    /// <summary>The time up to which issued tokens are revoked; null if there is no revocation.</summary>
    [Id(0)]
    public DateTimeOffset? RevokedUpTo { get; init; }

    /// <summary>The time after which all revoked tokens have expired, so the record can be removed.</summary>
    [Id(1)]
    public DateTimeOffset ForgetAt { get; init; }

    [Id(2)]
    public Guid Writer { get; init; }

    public bool Revokes(DateTimeOffset issuedAt) => issuedAt <= RevokedUpTo;
}
