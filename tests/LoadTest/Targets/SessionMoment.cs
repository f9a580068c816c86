namespace Hype.LoadTest.Targets;

/// <summary>What happens to a participant while parts of the cluster go away; when it did is what a fault is judged by.</summary>
internal enum SessionMoment
{
    /// <summary>The first <c>candidate</c> of a move, or any other.</summary>
    CandidateReceived,

    /// <summary>An <c>offer</c> with <c>restart</c>.</summary>
    RestartReceived,

    /// <summary>A second <c>offer</c> of an epoch: a new transport for one that was lost.</summary>
    ReplacementReceived,

    /// <summary>What it says goes to the new node from now on.</summary>
    Moved,

    /// <summary>The first packet of media came from the node's new address.</summary>
    HeardAfterMove,

    /// <summary>The signaling socket is gone.</summary>
    SocketLost,

    /// <summary>The seat is back, on another socket.</summary>
    Resumed,
}
