namespace Hype.Grains.Abstractions.Identifiers;

/// <summary>The id of one stay of a member in a channel, and the key of its session mailbox grain.</summary>
[GenerateSerializer, Immutable, Alias("hype.SessionId")]
public readonly record struct SessionId([property: Id(0)] Guid Value)
{
    public static SessionId New() => new(Guid.NewGuid());

    public override string ToString() => Value.ToString("N");
}
