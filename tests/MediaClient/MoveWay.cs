namespace Hype.MediaClient;

/// <summary>The methods by which a client follows to another media node, lightest first (docs/signaling.md).</summary>
internal enum MoveWay
{
    /// <summary>One more candidate: the same credentials and keys at another address.</summary>
    Candidate,

    /// <summary>New ICE credentials, the same keys.</summary>
    IceRestart,

    /// <summary>A new transport next to the old one.</summary>
    NewConnection,
}
