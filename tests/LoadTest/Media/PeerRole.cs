namespace Hype.LoadTest.Media;

/// <summary>A peer's part in ICE and DTLS; the other side has the complementary part.</summary>
internal enum PeerRole
{
    /// <summary>Checks, nominates and starts DTLS: towards a server.</summary>
    Client,

    /// <summary>Answers checks and waits for DTLS: a server, or the offering side of a mesh pair.</summary>
    Server,

    /// <summary>Answers the checks of a full agent, but starts DTLS: the side of a mesh pair that answers a browser.</summary>
    LiteClient,
}
