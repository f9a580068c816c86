namespace Hype.Grains.Abstractions.Participants;

/// <summary>What a token allows its bearer in the channels it names.</summary>
[Flags, Alias("hype.Grants")]
public enum Grants
{
    None = 0,
    Join = 1,
    Speak = 2,
    Listen = 4,
    Moderate = 8,
}
