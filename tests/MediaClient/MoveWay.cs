namespace Hype.MediaClient;

/// <summary>How a client's media comes to another media node, the lightest way first (docs/signaling.md, When a media node goes away).</summary>
internal enum MoveWay
{
    /// <summary>One more candidate: the same credentials and keys at another address.</summary>
    Candidate,

    /// <summary>New ICE credentials, the same keys.</summary>
    IceRestart,

    /// <summary>A new transport beside the old one.</summary>
    NewConnection,
}
