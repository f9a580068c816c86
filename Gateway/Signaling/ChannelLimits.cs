using Hype.Grains.Abstractions.Channels;

namespace Hype.Gateway.Signaling;

/// <summary>The channel rules that <c>welcome</c> reports, read from <c>Hype:Channels</c>; the grains own and validate them.</summary>
public sealed record ChannelLimits
{
    public const string Section = "Hype:Channels";

    /// <summary>True if channels may be meshes. Default true.</summary>
    public bool AllowMesh { get; init; } = true;

    /// <summary>The largest number of members in a mesh. Default 8.</summary>
    public int P2PThreshold { get; init; } = ChannelDefaults.P2PThreshold;

    /// <summary>The number of members that a channel admits, unless its settings give another one. Default 200.</summary>
    public int MaxParticipants { get; init; } = ChannelDefaults.MaxParticipants;

    /// <summary>The number of forwarded streams that every endpoint receives. Default 6.</summary>
    public int Slots { get; init; } = ChannelDefaults.Slots;

    /// <summary>The time within which a session may resume after its socket is lost. Default 30 s.</summary>
    public TimeSpan ResumeWindow { get; init; } = ChannelDefaults.ResumeWindow;
}
