using Hype.LoadTest.Media;
using Hype.LoadTest.Sdp;
using Hype.LoadTest.Targets;
using Hype.MediaClient;

namespace Hype.LoadTest.Janus;

/// <summary>
/// Opens this tool's side of a peer connection with Janus, both for offers and for answers. This side is an ICE-lite agent and the DTLS
/// client: Janus, a full ICE agent, sends the checks and nominates (RFC 8839 §5.3).
/// </summary>
internal static class JanusSide
{
    /// <summary>Opens a peer to which Janus connects. The caller closes the peer.</summary>
    /// <returns>The peer, and the peer's attributes for the SDP.</returns>
    public static async Task<(VoicePeer Peer, SdpWriter.Side Side)> OpenAsync(
        ParticipantSpec participant, byte opusPayloadType, byte levelExtension, uint? ssrc = null)
    {
        var own = IceCredentials.New();
        // Janus' credentials are only needed to send checks.
        var peer = await participant.Thread.OpenAsync(own, IceCredentials.New(), participant.Observer, PeerRole.LiteClient);
        var side = new SdpWriter.Side(own, VoiceThread.Fingerprint, "active", opusPayloadType, levelExtension)
        {
            Host = await participant.Thread.AddressOfAsync(peer),
            IsLite = true,
            Ssrc = ssrc,
        };
        return (peer, side);
    }
}
