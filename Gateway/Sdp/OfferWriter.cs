using System.Globalization;
using System.Text;
using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Gateway.Sdp;

/// <summary>
/// Writes the media node's side of a transport as an SDP offer (RFC 8866, JSEP RFC 9429): an ICE-lite session, one
/// transport for all (BUNDLE, RFC 9143), first the participant's microphone (<c>mic</c>, we receive), then one m-line per
/// slot (<c>s0</c>…, we send). It is the same for as long as the participant stays: who is heard in which slot is told by
/// the CSRC.
/// <para>
/// The MID header extension is left out on purpose: a publisher's packets are forwarded as they are, and its MID would tell
/// receivers the wrong m-line. Receivers find theirs by the SSRC (<c>a=ssrc</c>, RFC 5576).
/// </para>
/// </summary>
internal static class OfferWriter
{
    public const int OpusPayloadType = 111;
    public const int RedPayloadType = 63;

    /// <summary>The microphone's, on which the one transport of the bundle is described.</summary>
    public const string FirstMid = "mic";

    public static int MediaCount(SfuOffer offer) => 1 + offer.SlotSsrcs.Length;

    public static string SlotMid(int slot) => string.Create(CultureInfo.InvariantCulture, $"s{slot}");

    /// <param name="moves">How often the client's transport has moved; an ICE restart is a move.</param>
    public static string Write(SfuOffer offer, int moves = 0)
    {
        var sdp = new StringBuilder(1024 + (offer.SlotSsrcs.Length * 512));
        WriteSession(sdp, offer, moves);

        WriteMedia(sdp, offer, FirstMid, "recvonly");
        // Bundled m-lines have no candidates of their own (RFC 9143 §7.1.3): they are all here.
        foreach (var candidate in CandidateWriter.Write(offer.Candidates, moves))
            Line(sdp, $"a={candidate}");
        Line(sdp, $"a=end-of-candidates");

        for (var slot = 0; slot < offer.SlotSsrcs.Length; slot++)
        {
            var mid = SlotMid(slot);
            WriteMedia(sdp, offer, mid, "sendonly");
            // A stream for each slot, or receivers would hold one speaker back to be in step with another.
            Line(sdp, $"a=msid:{mid} {mid}");
            Line(sdp, $"a=ssrc:{offer.SlotSsrcs[slot]} cname:{mid}");
            Line(sdp, $"a=ssrc:{offer.SlotSsrcs[slot]} msid:{mid} {mid}");
        }

        return sdp.ToString();
    }

    private static void WriteSession(StringBuilder sdp, SfuOffer offer, int moves)
    {
        Line(sdp, $"v=0");
        // A restart is a later version of the same session (RFC 3264 §8).
        Line(sdp, $"o=hype {offer.Epoch} {moves + 1} IN IP4 0.0.0.0");
        Line(sdp, $"s=-");
        Line(sdp, $"t=0 0");
        Line(sdp, $"a=group:BUNDLE {string.Join(' ', Enumerable.Range(0, offer.SlotSsrcs.Length).Select(SlotMid).Prepend(FirstMid))}");
        Line(sdp, $"a=msid-semantic: WMS *");
        Line(sdp, $"a=ice-lite");
    }

    private static void WriteMedia(StringBuilder sdp, SfuOffer offer, string mid, string direction)
    {
        Line(sdp, $"m=audio 9 UDP/TLS/RTP/SAVPF {OpusPayloadType} {RedPayloadType}");
        Line(sdp, $"c=IN IP4 0.0.0.0");
        Line(sdp, $"a=mid:{mid}");
        Line(sdp, $"a={direction}");
        Line(sdp, $"a=ice-ufrag:{offer.IceUfrag}");
        Line(sdp, $"a=ice-pwd:{offer.IcePwd}");
        Line(sdp, $"a=fingerprint:sha-256 {offer.Fingerprint}");
        Line(sdp, $"a=setup:actpass");
        Line(sdp, $"a=rtcp-mux");
        Line(sdp, $"a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level");
        Line(sdp, $"a=rtpmap:{OpusPayloadType} opus/48000/2");
        Line(sdp, $"a=fmtp:{OpusPayloadType} minptime=10;useinbandfec=1");
        Line(sdp, $"a=rtpmap:{RedPayloadType} red/48000/2");
        Line(sdp, $"a=fmtp:{RedPayloadType} {OpusPayloadType}/{OpusPayloadType}");
    }

    private static void Line(StringBuilder sdp, FormattableString line) => sdp.Append(line.ToString(CultureInfo.InvariantCulture)).Append("\r\n");
}
