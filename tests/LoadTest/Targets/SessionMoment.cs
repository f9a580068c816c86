namespace Hype.LoadTest.Targets;

/// <summary>Events of a participant while parts of the cluster fail; their times measure a fault.</summary>
internal enum SessionMoment
{
    /// <summary>A <c>candidate</c> arrived: the first one of a move, or a later one.</summary>
    CandidateReceived,

    /// <summary>An <c>offer</c> with <c>restart</c> arrived.</summary>
    RestartReceived,

    /// <summary>A second <c>offer</c> of an epoch arrived: a new transport instead of a lost one.</summary>
    ReplacementReceived,

    /// <summary>The participant sends its frames to the new node from now on.</summary>
    Moved,

    /// <summary>The first media packet came from the node's new address.</summary>
    HeardAfterMove,

    /// <summary>The signaling socket is gone.</summary>
    SocketLost,

    /// <summary>The session was resumed on another socket.</summary>
    Resumed,
}
