namespace Hype.Grains.Abstractions.Channels;

/// <summary>The defaults of the channel rules that the grains apply and the gateways report in <c>welcome</c>.</summary>
public static class ChannelDefaults
{
    /// <summary>The highest number of members of a mesh.</summary>
    public const int P2PThreshold = 8;

    /// <summary>The highest number of members of a channel without a setting of its own.</summary>
    public const int MaxParticipants = 200;

    /// <summary>The number of forwarded streams that each endpoint receives.</summary>
    public const int Slots = 6;

    /// <summary>The time within which a client that lost its socket can resume its session.</summary>
    public static readonly TimeSpan ResumeWindow = TimeSpan.FromSeconds(30);
}
