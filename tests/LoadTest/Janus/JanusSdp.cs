using System.Globalization;
using System.Text;
using Hype.MediaClient;
using Hype.MediaNode.Net;

namespace Hype.LoadTest.Janus;

/// <summary>
/// The SDP that a publisher offers and a subscriber answers (RFC 8866), and what is read from Janus'. The client says that it is
/// ICE-lite, so that Janus, a full agent, checks and nominates (RFC 8839 §5.3), and that it is the DTLS client.
/// </summary>
/// <param name="Own">What Janus checks us with.</param>
/// <param name="Address">Our only candidate.</param>
/// <param name="Fingerprint">SHA-256 of our certificate.</param>
internal sealed record JanusSdp(IceCredentials Own, TransportAddress Address, byte[] Fingerprint)
{
    public const byte OpusPayloadType = 111;

    /// <summary>The id of <c>urn:ietf:params:rtp-hdrext:ssrc-audio-level</c> in our offer.</summary>
    public const byte LevelExtension = 1;

    private const string FingerprintLine = "a=fingerprint:sha-256 ";

    /// <summary>One stream to send.</summary>
    public string Offer(uint ssrc)
    {
        var sdp = Session("0");
        Media(sdp, "0", "sendonly", OpusPayloadType);
        sdp.Append("a=extmap:").Append(LevelExtension).Append(" urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n");
        sdp.Append("a=ssrc:").Append(ssrc).Append(" cname:hype-load\r\n");
        return sdp.ToString();
    }

    /// <summary>Takes every stream of an offer.</summary>
    public string AnswerTo(string offer)
    {
        var streams = Sections(offer).ToArray();
        var sdp = Session(string.Join(' ', streams.Select(stream => stream.Mid)));
        foreach (var (mid, payloadType, active) in streams)
            Media(sdp, mid, active ? "recvonly" : "inactive", payloadType);
        return sdp.ToString();
    }

    /// <summary>SHA-256 of the certificate that the other side will show.</summary>
    /// <exception cref="JanusException">It names none.</exception>
    public static byte[] FingerprintOf(string sdp)
    {
        var line = Lines(sdp).FirstOrDefault(line => line.StartsWith(FingerprintLine, StringComparison.OrdinalIgnoreCase))
            ?? throw new JanusException("Janus' SDP has no SHA-256 fingerprint.");
        return Convert.FromHexString(line[FingerprintLine.Length..].Replace(":", "", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Lines(string sdp) => sdp.Split('\n').Select(line => line.TrimEnd('\r'));

    /// <summary>The m-lines, as Janus writes them: <c>m=audio 9 UDP/TLS/RTP/SAVPF 111</c>, the direction, <c>a=mid:0</c>.</summary>
    private static IEnumerable<(string Mid, byte PayloadType, bool Active)> Sections(string sdp)
    {
        foreach (var section in sdp.Split("\nm=").Skip(1))
        {
            var lines = Lines(section).ToArray();
            var mid = lines.First(line => line.StartsWith("a=mid:", StringComparison.Ordinal))["a=mid:".Length..];
            yield return (mid, byte.Parse(lines[0].Split(' ')[3], CultureInfo.InvariantCulture), !lines.Contains("a=inactive"));
        }
    }

    private static StringBuilder Session(string mids) => new StringBuilder()
        .Append("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n")
        .Append("a=group:BUNDLE ").Append(mids).Append("\r\n")
        .Append("a=ice-lite\r\n");

    private void Media(StringBuilder sdp, string mid, string direction, byte payloadType)
    {
        var host = Address.ToIPEndPoint();
        sdp.Append("m=audio ").Append(host.Port).Append(" UDP/TLS/RTP/SAVPF ").Append(payloadType).Append("\r\n")
            .Append("c=IN IP4 ").Append(host.Address).Append("\r\n")
            .Append("a=mid:").Append(mid).Append("\r\n")
            .Append("a=").Append(direction).Append("\r\n")
            .Append("a=rtcp-mux\r\n")
            .Append("a=rtpmap:").Append(payloadType).Append(" opus/48000/2\r\n")
            .Append("a=ice-ufrag:").Append(Own.Ufrag).Append("\r\n")
            .Append("a=ice-pwd:").Append(Own.Pwd).Append("\r\n")
            .Append(FingerprintLine).Append(BitConverter.ToString(Fingerprint).Replace('-', ':')).Append("\r\n")
            .Append("a=setup:active\r\n")
            .Append("a=candidate:1 1 udp 2130706431 ").Append(host.Address).Append(' ').Append(host.Port).Append(" typ host\r\n")
            .Append("a=end-of-candidates\r\n");
    }
}
