using System.Globalization;
using System.Text;
using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Gateway.Sdp;

/// <summary>
/// Writes the media node's side of a transport as an SDP offer (RFC 8866, JSEP RFC 9429): an ICE-lite session with one
/// transport for all m-lines (BUNDLE, RFC 9143). The first m-line receives the participant's microphone (<c>mic</c>), and one m-line
/// for each slot sends (<c>s0</c>…). The offer stays the same while the participant stays: the CSRC names the speaker in a slot.
/// <para>
/// The MID header extension is left out on purpose: a publisher's packets are forwarded unchanged, and its MID would name the wrong
/// m-line to receivers. Receivers find their m-line by the SSRC (<c>a=ssrc</c>, RFC 5576).
/// </para>
/// </summary>
internal static class OfferWriter
{
    public const int OpusPayloadType = 111;
    public const int RedPayloadType = 63;

    /// <summary>The MID of the microphone, whose m-line describes the transport of the whole bundle.</summary>
    public const string FirstMid = "mic";

    public static int MediaCount(SfuOffer offer) => 1 + offer.SlotSsrcs.Length;

    public static string SlotMid(int slot) => string.Create(CultureInfo.InvariantCulture, $"s{slot}");

    /// <param name="offer">The endpoint's parameters.</param>
    /// <param name="moves">The number of times that the client's endpoint has moved; an ICE restart counts as a move.</param>
    public static string Write(SfuOffer offer, int moves = 0)
    {
        var sdp = new StringBuilder(1024 + (offer.SlotSsrcs.Length * 512));
        WriteSession(sdp, offer, moves);

        WriteMedia(sdp, offer, FirstMid, "recvonly");
        // Bundled m-lines have no candidates of their own (RFC 9143 §7.1.3): all are on the first one.
        foreach (var candidate in CandidateWriter.Write(offer.Candidates, moves))
            Line(sdp, $"a={candidate}");
        Line(sdp, $"a=end-of-candidates");

        for (var slot = 0; slot < offer.SlotSsrcs.Length; slot++)
        {
            var mid = SlotMid(slot);
            WriteMedia(sdp, offer, mid, "sendonly");
            // Each slot has its own stream; otherwise receivers would delay one speaker to synchronise it with another.
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

    private static void Line(StringBuilder sdp, FormattableString line) =>
        sdp.Append(line.ToString(CultureInfo.InvariantCulture)).Append("\r\n");
}
