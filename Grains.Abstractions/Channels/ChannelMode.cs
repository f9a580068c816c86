namespace Hype.Grains.Abstractions.Channels;

/// <summary>How the members of a channel reach each other.</summary>
[Alias("hype.ChannelMode")]
public enum ChannelMode
{
    /// <summary>A full mesh of peer connections between the members.</summary>
    P2P = 0,

    /// <summary>Every member has one connection, to a media node that forwards (selective forwarding unit, RFC 7667 §3.7).</summary>
    Sfu = 1,
}

/// <summary>What a channel's owner asks for; <see cref="Auto"/> lets the number of members decide.</summary>
[Alias("hype.ModePolicy")]
public enum ModePolicy
{
    Auto = 0,
    P2P = 1,

    /// <summary>Always forwarded; members never see each other's addresses.</summary>
    Sfu = 2,
}

/// <summary>Why the channel has the layout it has.</summary>
[Alias("hype.ModeReason")]
public enum ModeReason
{
    /// <summary>The channel was created in this mode.</summary>
    Created = 0,

    /// <summary>More members than the P2P threshold.</summary>
    AboveThreshold = 1,

    /// <summary>At or below the return threshold for the whole return delay.</summary>
    BelowReturnThreshold = 2,

    /// <summary>The channel's settings ask for this mode.</summary>
    Policy = 3,

    /// <summary>Two members of the mesh could not connect to each other.</summary>
    PeerConnectionFailed = 4,

    /// <summary>The media node that carried the channel is gone.</summary>
    NodeLost = 5,

    /// <summary>No media node had room, so the channel stays (or became) a mesh.</summary>
    NoMediaNode = 6,

    /// <summary>Someone asked for it (an administrator, or <c>simulate</c> in Development).</summary>
    Requested = 7,

    /// <summary>The media node that carried the channel is to be empty, and its transports are bound to it.</summary>
    NodeDraining = 8,
}
