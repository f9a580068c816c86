namespace Hype.Grains.Abstractions.Participants;

/// <summary>The rights that a token grants its bearer in the channels that it names.</summary>
[Flags, Alias("hype.Grants")]
public enum Grants
{
    None = 0,
    Join = 1,
    Speak = 2,
    Listen = 4,
    Moderate = 8,
}
