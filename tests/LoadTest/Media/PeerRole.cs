namespace Hype.LoadTest.Media;

/// <summary>The role of a peer in ICE and DTLS; the other side has the complementary role.</summary>
internal enum PeerRole
{
    /// <summary>Sends checks, nominates and starts DTLS: the role of a client towards a server.</summary>
    Client,

    /// <summary>Answers checks and waits for DTLS: the role of a server, or of the offering side of a mesh pair.</summary>
    Server,

    /// <summary>Answers the checks of a full ICE agent (a browser in a mesh, or Janus), but starts DTLS.</summary>
    LiteClient,
}
