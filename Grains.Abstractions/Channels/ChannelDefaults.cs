namespace Hype.Grains.Abstractions.Channels;

/// <summary>
/// The default limits and times of a channel: the grains apply them, and the gateways report them to clients in <c>welcome</c>.
/// </summary>
public static class ChannelDefaults
{
    /// <summary>The highest number of members for which a channel is a mesh (P2P).</summary>
    public const int P2PThreshold = 8;

    /// <summary>The highest number of members of a channel whose settings contain no limit.</summary>
    public const int MaxParticipants = 200;

    /// <summary>The number of audio streams that a media node forwards to each endpoint at the same time.</summary>
    public const int Slots = 6;

    /// <summary>The time after the loss of its socket within which a client can resume its session.</summary>
    public static readonly TimeSpan ResumeWindow = TimeSpan.FromSeconds(30);
}
