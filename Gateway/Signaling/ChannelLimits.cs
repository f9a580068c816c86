namespace Hype.Gateway.Signaling;

/// <summary>
/// What <c>welcome</c> tells of the channel rules, read from <c>Hype:Channels</c>; the grains own, keep and validate them.
/// </summary>
public sealed record ChannelLimits
{
    public const string Section = "Hype:Channels";

    /// <summary>Members up to which a channel is a mesh. Default 8.</summary>
    public int P2PThreshold { get; init; } = 8;

    /// <summary>Members that a channel admits unless its settings say otherwise. Default 200.</summary>
    public int MaxParticipants { get; init; } = 200;

    /// <summary>Forwarded streams that every endpoint receives. Default 6.</summary>
    public int Slots { get; init; } = 6;

    /// <summary>How long a lost socket may come back. Default 30 s.</summary>
    public TimeSpan ResumeWindow { get; init; } = TimeSpan.FromSeconds(30);
}
