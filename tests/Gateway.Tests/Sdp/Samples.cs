using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Gateway.Tests.Sdp;

internal static class Samples
{
    public const string Fingerprint = "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF";

    public static readonly SfuOffer Offer = new()
    {
        Epoch = new(2),
        IceUfrag = "ufrg",
        IcePwd = "aPasswordOfTwentyTwoCh",
        Fingerprint = Fingerprint,
        Candidates = [new NodeCandidate("127.0.0.1", 40000), new NodeCandidate("2001:db8::1", 40000)],
        SlotSsrcs = [new(1001), new(1002)],
        Region = new RegionId("local"),
    };

    /// <summary>Chromium's answer to <see cref="Offer"/>: the lines that the gateway reads, and some that it ignores.</summary>
    public const string Answer = $"""
        v=0
        o=- 5431 2 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE mic s0 s1
        a=extmap-allow-mixed
        a=msid-semantic: WMS
        m=audio 9 UDP/TLS/RTP/SAVPF 111 63
        c=IN IP4 0.0.0.0
        a=rtcp:9 IN IP4 0.0.0.0
        a=ice-ufrag:+a/b
        a=ice-pwd:0123456789abcdefghijkl
        a=ice-options:trickle
        a=fingerprint:sha-256 {Fingerprint}
        a=setup:active
        a=mid:mic
        a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
        a=sendonly
        a=msid:- 8f6c
        a=rtcp-mux
        a=rtpmap:111 opus/48000/2
        a=fmtp:111 minptime=10;useinbandfec=1
        a=rtpmap:63 red/48000/2
        a=fmtp:63 111/111
        a=ssrc:77 cname:x
        m=audio 9 UDP/TLS/RTP/SAVPF 111 63
        c=IN IP4 0.0.0.0
        a=setup:active
        a=mid:s0
        a=recvonly
        a=rtcp-mux
        a=rtpmap:111 opus/48000/2
        a=rtpmap:63 red/48000/2
        m=audio 9 UDP/TLS/RTP/SAVPF 111
        c=IN IP4 0.0.0.0
        a=setup:active
        a=mid:s1
        a=recvonly
        a=rtcp-mux
        a=rtpmap:111 opus/48000/2

        """;
}
