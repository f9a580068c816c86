namespace Hype.Grains.Abstractions.Channels;

/// <summary>The way in which the members of a channel are connected.</summary>
[Alias("hype.ChannelMode")]
public enum ChannelMode
{
    /// <summary>A full mesh of peer connections between the members.</summary>
    P2P = 0,

    /// <summary>
    /// Each member has one connection, to a media node that forwards the audio (selective forwarding unit, RFC 7667 §3.7).
    /// </summary>
    Sfu = 1,
}

/// <summary>The mode that the settings of a channel require; with <see cref="Auto"/> the number of members decides.</summary>
[Alias("hype.ModePolicy")]
public enum ModePolicy
{
    Auto = 0,
    P2P = 1,

    /// <summary>Media nodes always forward the audio, so members never see the network addresses of other members.</summary>
    Sfu = 2,
}

/// <summary>The reason for which a channel opened a layout.</summary>
[Alias("hype.ModeReason")]
public enum ModeReason
{
    /// <summary>The layout is the channel's first one.</summary>
    Created = 0,

    /// <summary>The channel has more members than a mesh may have.</summary>
    AboveThreshold = 1,

    /// <summary>
    /// The number of members was at or below the return threshold for the whole return delay, so the channel becomes a mesh again.
    /// </summary>
    BelowReturnThreshold = 2,

    /// <summary>The channel's settings require this mode.</summary>
    Policy = 3,

    /// <summary>Two members of the mesh could not connect to each other.</summary>
    PeerConnectionFailed = 4,

    /// <summary>The media node that carried the channel failed.</summary>
    NodeLost = 5,

    /// <summary>No media node had capacity, so the channel stays a mesh or becomes one.</summary>
    NoMediaNode = 6,

    /// <summary>An administrator requested the layout; in the Development environment, also a client's <c>simulate</c> message.</summary>
    Requested = 7,

    /// <summary>
    /// The media node that carried the channel is draining, and no other node can take over the endpoints, so clients need new
    /// connections.
    /// </summary>
    NodeDraining = 8,
}
