namespace Hype.Grains.Abstractions.Participants;

/// <summary>One participant's stay in one channel; the key of its <see cref="ISessionMailboxGrain"/>. Never shown to other clients.</summary>
[GenerateSerializer, Immutable, Alias("hype.SessionId")]
public readonly record struct SessionId([property: Id(0)] Guid Value)
{
    public static SessionId New() => new(Guid.NewGuid());

    public override string ToString() => Value.ToString("N");
}
