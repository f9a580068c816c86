namespace Hype.LoadTest.Targets;

/// <summary>Events of a participant while parts of the cluster fail; their times measure a fault.</summary>
internal enum SessionMoment
{
    /// <summary>The first <c>candidate</c> of a move, or any other one.</summary>
    CandidateReceived,

    /// <summary>An <c>offer</c> with <c>restart</c>.</summary>
    RestartReceived,

    /// <summary>A second <c>offer</c> of an epoch: a new transport instead of a lost one.</summary>
    ReplacementReceived,

    /// <summary>Its frames go to the new node from now on.</summary>
    Moved,

    /// <summary>The first media packet came from the node's new address.</summary>
    HeardAfterMove,

    /// <summary>The signaling socket is gone.</summary>
    SocketLost,

    /// <summary>The session was resumed on another socket.</summary>
    Resumed,
}
