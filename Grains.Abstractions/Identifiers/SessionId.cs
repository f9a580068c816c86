namespace Hype.Grains.Abstractions.Identifiers;

/// <summary>One stay of a member in one channel; the key of its mailbox grain.</summary>
[GenerateSerializer, Immutable, Alias("hype.SessionId")]
public readonly record struct SessionId([property: Id(0)] Guid Value)
{
    public static SessionId New() => new(Guid.NewGuid());

    public override string ToString() => Value.ToString("N");
}
