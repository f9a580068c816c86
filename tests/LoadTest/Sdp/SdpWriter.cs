using System.Text;
using Hype.MediaClient;
using Hype.MediaNode.Net;

namespace Hype.LoadTest.Sdp;

/// <summary>
/// Writes the SDP of a simulated participant: its offers and answers to media nodes, to Janus, and to other members of a mesh.
/// </summary>
internal static class SdpWriter
{
    /// <param name="mids">The mids of the m-lines, in the offer's order; the participant sends on the first one.</param>
    public static string Write(Side side, IReadOnlyList<string> mids, string firstDirection)
    {
        var sdp = new StringBuilder(512 * mids.Count);
        Line(sdp, "v=0");
        Line(sdp, "o=- 1 1 IN IP4 0.0.0.0");
        Line(sdp, "s=-");
        Line(sdp, "t=0 0");
        Line(sdp, $"a=group:BUNDLE {string.Join(' ', mids)}");
        if (side.IsLite)
            Line(sdp, "a=ice-lite");
        for (var i = 0; i < mids.Count; i++)
            WriteMedia(sdp, side, mids[i], i == 0 ? firstDirection : "recvonly", first: i == 0);
        return sdp.ToString();
    }

    private static void WriteMedia(StringBuilder sdp, Side side, string mid, string direction, bool first)
    {
        Line(sdp, $"m=audio 9 UDP/TLS/RTP/SAVPF {side.OpusPayloadType}");
        Line(sdp, "c=IN IP4 0.0.0.0");
        Line(sdp, $"a=mid:{mid}");
        Line(sdp, $"a={direction}");
        Line(sdp, $"a=ice-ufrag:{side.Ice.Ufrag}");
        Line(sdp, $"a=ice-pwd:{side.Ice.Pwd}");
        Line(sdp, $"a=fingerprint:sha-256 {string.Join(':', side.Fingerprint.Select(octet => octet.ToString("X2")))}");
        Line(sdp, $"a=setup:{side.Setup}");
        Line(sdp, "a=rtcp-mux");
        if (side.LevelExtension != 0)
            Line(sdp, $"a=extmap:{side.LevelExtension} urn:ietf:params:rtp-hdrext:ssrc-audio-level");
        Line(sdp, $"a=rtpmap:{side.OpusPayloadType} opus/48000/2");
        if (!first)
            return;
        if (side.Ssrc is { } ssrc)
            Line(sdp, $"a=ssrc:{ssrc} cname:hype-load");
        if (side.Host?.ToIPEndPoint() is { } host)
            Line(sdp, $"a=candidate:1 1 udp 2130706431 {host.Address} {host.Port} typ host");
    }

    private static void Line(StringBuilder sdp, string line) => sdp.Append(line).Append("\r\n");

    /// <summary>The attributes of one side of a transport, which each m-line repeats.</summary>
    /// <param name="Setup">The value of <c>a=setup</c>: <c>active</c> (this side starts DTLS), <c>passive</c> or <c>actpass</c>.</param>
    public sealed record Side(IceCredentials Ice, byte[] Fingerprint, string Setup, byte OpusPayloadType, byte LevelExtension)
    {
        public uint? Ssrc { get; init; }

        /// <summary>True if this side is an ICE-lite agent, which answers checks and sends none (RFC 8839 §5.3).</summary>
        public bool IsLite { get; init; }

        /// <summary>This side's host candidate, if the other side needs one.</summary>
        public TransportAddress? Host { get; init; }
    }
}
