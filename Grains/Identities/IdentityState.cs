namespace Hype.Grains.Identities;

/// <summary>What is stored of an identity, and only while it has a revocation: written before that is acknowledged.</summary>
[GenerateSerializer, Alias("hype.IdentityState")]
internal sealed class IdentityState
{
    /// <summary>The name of the record in grain storage.</summary>
    public const string StorageName = "identity";

    /// <summary>Tokens issued up to then count no more.</summary>
    [Id(0)]
    public DateTimeOffset? RevokedUpTo { get; set; }

    /// <summary>No token that old can be shown any more.</summary>
    [Id(1)]
    public DateTimeOffset ForgetAt { get; set; }

    public bool Forbids(DateTimeOffset issuedAt) => issuedAt <= RevokedUpTo;
}
