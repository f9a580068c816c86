namespace Hype.Grains.Identities;

/// <summary>
/// The stored state of an identity. There is a record only after a revocation; it is written before the revocation is acknowledged.
/// </summary>
[GenerateSerializer, Alias("hype.IdentityState")]
internal sealed class IdentityState
{
    /// <summary>The name of the record in grain storage.</summary>
    public const string StorageName = "identity";

    /// <summary>The time up to which issued tokens are revoked; null if there is no revocation.</summary>
    [Id(0)]
    public DateTimeOffset? RevokedUpTo { get; set; }

    /// <summary>The time after which all revoked tokens have expired, so the record can be removed.</summary>
    [Id(1)]
    public DateTimeOffset ForgetAt { get; set; }

    public bool Revokes(DateTimeOffset issuedAt) => issuedAt <= RevokedUpTo;
}
