namespace Hype.Grains.Identities;

/// <summary>
/// The stored state of an identity. It exists only during a revocation, and is written before the revocation is acknowledged.
/// </summary>
[GenerateSerializer, Alias("hype.IdentityState")]
internal sealed class IdentityState
{
    /// <summary>The name of the record in grain storage.</summary>
    public const string StorageName = "identity";

    /// <summary>Tokens issued up to this time are revoked.</summary>
    [Id(0)]
    public DateTimeOffset? RevokedUpTo { get; set; }

    /// <summary>The time after which all revoked tokens have expired anyway.</summary>
    [Id(1)]
    public DateTimeOffset ForgetAt { get; set; }

    public bool Revokes(DateTimeOffset issuedAt) => issuedAt <= RevokedUpTo;
}
