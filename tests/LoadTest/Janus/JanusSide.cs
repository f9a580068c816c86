using Hype.LoadTest.Media;
using Hype.LoadTest.Sdp;
using Hype.LoadTest.Targets;
using Hype.MediaClient;

namespace Hype.LoadTest.Janus;

/// <summary>
/// Our side of a peer connection with Janus, the same whether we offer or answer: ICE-lite, so that Janus, a full agent, checks and
/// nominates (RFC 8839 §5.3), and the DTLS client.
/// </summary>
internal static class JanusSide
{
    /// <summary>Opens a peer that Janus will find. It is its caller's to close.</summary>
    /// <returns>The peer, and what our SDP says of it.</returns>
    public static async Task<(VoicePeer Peer, SdpWriter.Side Side)> OpenAsync(ParticipantSpec participant, byte opusPayloadType, byte levelExtension, uint? ssrc = null)
    {
        var own = IceCredentials.New();
        // Janus' credentials would serve only to check it.
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
