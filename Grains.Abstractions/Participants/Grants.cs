namespace Hype.Grains.Abstractions.Participants;

/// <summary>The permissions that a token gives its bearer in the channels that the token names.</summary>
[Flags, Alias("hype.Grants")]
public enum Grants
{
    None = 0,
    Join = 1,
    Speak = 2,
    Listen = 4,
    Moderate = 8,
}
