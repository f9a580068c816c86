namespace Hype.LoadTest.Targets;

/// <summary>The events of a session while parts of the cluster fail. Their times show the effect of a fault.</summary>
internal enum SessionMoment
{
    /// <summary>A <c>candidate</c> arrived: the new address of an endpoint that moves.</summary>
    CandidateReceived,

    /// <summary>An <c>offer</c> with <c>restart</c> arrived.</summary>
    RestartReceived,

    /// <summary>A second <c>offer</c> of an epoch arrived: a new transport must replace a lost one.</summary>
    ReplacementReceived,

    /// <summary>The participant has started to send its frames to the new node.</summary>
    Moved,

    /// <summary>The first media packet from the new address of the endpoint arrived.</summary>
    HeardAfterMove,

    /// <summary>The signaling socket was lost.</summary>
    SocketLost,

    /// <summary>The session was resumed on another socket.</summary>
    Resumed,
}
