namespace Hype.Grains.Channels.Effects;

/// <summary>The way in which a client reached its endpoint at another node, from the lightest to the heaviest.</summary>
internal enum MoveWay
{
    /// <summary>The client followed the new node's candidates.</summary>
    Candidate,

    /// <summary>The client restarted ICE.</summary>
    IceRestart,

    /// <summary>The client built a new connection.</summary>
    NewConnection,
}
