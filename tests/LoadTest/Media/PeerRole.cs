namespace Hype.LoadTest.Media;

/// <summary>What a peer does of ICE and DTLS; the other side does the rest.</summary>
internal enum PeerRole
{
    /// <summary>Checks, nominates and starts DTLS: towards a server.</summary>
    Client,

    /// <summary>Answers checks and waits for DTLS: what a server is, and who offers in a mesh.</summary>
    Server,

    /// <summary>Answers the checks of a full agent, but starts DTLS: who answers a browser in a mesh.</summary>
    LiteClient,
}
