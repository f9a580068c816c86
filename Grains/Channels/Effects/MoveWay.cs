namespace Hype.Grains.Channels.Effects;

/// <summary>The way in which a client reached its endpoint at another node; the first way costs least, the last one most.</summary>
internal enum MoveWay
{
    /// <summary>The client continued its connection with the ICE candidates of the new node.</summary>
    Candidate,

    /// <summary>The client continued its connection after an ICE restart.</summary>
    IceRestart,

    /// <summary>The client replaced its connection by a new one.</summary>
    NewConnection,
}
