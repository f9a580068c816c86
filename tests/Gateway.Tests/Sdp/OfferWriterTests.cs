using Hype.Gateway.Sdp;

namespace Hype.Gateway.Tests.Sdp;

public sealed class OfferWriterTests
{
    /// <summary>
    /// The offer that browsers and clients of other stacks were tested with. Change it only together with the interop tests, and
    /// never add <c>urn:ietf:params:rtp-hdrext:sdes:mid</c>: publishers' packets are forwarded with their extensions.
    /// </summary>
    private const string Golden = $"""
        v=0
        o=hype 2 1 IN IP4 0.0.0.0
        s=-
        t=0 0
        a=group:BUNDLE mic s0 s1
        a=msid-semantic: WMS *
        a=ice-lite
        m=audio 9 UDP/TLS/RTP/SAVPF 111 63
        c=IN IP4 0.0.0.0
        a=mid:mic
        a=recvonly
        a=ice-ufrag:ufrg
        a=ice-pwd:aPasswordOfTwentyTwoCh
        a=fingerprint:sha-256 {Samples.Fingerprint}
        a=setup:actpass
        a=rtcp-mux
        a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
        a=rtpmap:111 opus/48000/2
        a=fmtp:111 minptime=10;useinbandfec=1
        a=rtpmap:63 red/48000/2
        a=fmtp:63 111/111
        a=candidate:1 1 udp 2128617471 127.0.0.1 40000 typ host
        a=candidate:2 1 udp 2128617215 2001:db8::1 40000 typ host
        a=end-of-candidates
        m=audio 9 UDP/TLS/RTP/SAVPF 111 63
        c=IN IP4 0.0.0.0
        a=mid:s0
        a=sendonly
        a=ice-ufrag:ufrg
        a=ice-pwd:aPasswordOfTwentyTwoCh
        a=fingerprint:sha-256 {Samples.Fingerprint}
        a=setup:actpass
        a=rtcp-mux
        a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
        a=rtpmap:111 opus/48000/2
        a=fmtp:111 minptime=10;useinbandfec=1
        a=rtpmap:63 red/48000/2
        a=fmtp:63 111/111
        a=msid:s0 s0
        a=ssrc:1001 cname:s0
        a=ssrc:1001 msid:s0 s0
        m=audio 9 UDP/TLS/RTP/SAVPF 111 63
        c=IN IP4 0.0.0.0
        a=mid:s1
        a=sendonly
        a=ice-ufrag:ufrg
        a=ice-pwd:aPasswordOfTwentyTwoCh
        a=fingerprint:sha-256 {Samples.Fingerprint}
        a=setup:actpass
        a=rtcp-mux
        a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
        a=rtpmap:111 opus/48000/2
        a=fmtp:111 minptime=10;useinbandfec=1
        a=rtpmap:63 red/48000/2
        a=fmtp:63 111/111
        a=msid:s1 s1
        a=ssrc:1002 cname:s1
        a=ssrc:1002 msid:s1 s1

        """;

    [Test]
    public void Offer_equals_the_golden_text() =>
        Assert.That(OfferWriter.Write(Samples.Offer), Is.EqualTo(Golden.ReplaceLineEndings("\r\n")));

    [Test]
    public void Media_count_of_an_offer_is_the_number_of_m_lines() =>
        Assert.That(OfferWriter.MediaCount(Samples.Offer), Is.EqualTo(3));
}
