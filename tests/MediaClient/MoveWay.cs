namespace Hype.MediaClient;

/// <summary>
/// The way in which a client follows its transport to another media node, in the order of increasing effort (docs/signaling.md).
/// </summary>
internal enum MoveWay
{
    /// <summary>The client checks one more ICE candidate: the same credentials and keys at another address.</summary>
    Candidate,

    /// <summary>The client restarts ICE: new ICE credentials, the same keys.</summary>
    IceRestart,

    /// <summary>The client opens a new transport besides the old one.</summary>
    NewConnection,
}
