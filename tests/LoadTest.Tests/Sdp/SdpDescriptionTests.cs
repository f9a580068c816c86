using System.Net;
using Hype.LoadTest.Sdp;
using Hype.MediaClient;
using Hype.MediaNode.Net;

namespace Hype.LoadTest.Tests.Sdp;

internal sealed class SdpDescriptionTests
{
    private static readonly byte[] Fingerprint = [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 7))];

    [Test]
    public void Written_SDP_is_parsed_to_the_same_values()
    {
        var side = new SdpWriter.Side(IceCredentials.New(), Fingerprint, "actpass", 109, 3)
        {
            Ssrc = 4711,
            IsLite = true,
            Host = Address("192.0.2.7", 40_000),
        };

        var read = SdpDescription.Parse(SdpWriter.Write(side, ["mic", "s0", "s1"], "sendonly"));

        Assert.Multiple(() =>
        {
            Assert.That((read.Remote.Ice.Ufrag, read.Remote.Ice.Pwd), Is.EqualTo((side.Ice.Ufrag, side.Ice.Pwd)));
            Assert.That(read.Remote.Sha256, Is.EqualTo(Fingerprint));
            Assert.That(read.Remote.Addresses, Is.EqualTo(new[] { side.Host.Value }));
            Assert.That(read.Remote.IsLite, Is.True);
            Assert.That(read.Mids, Is.EqualTo(new[] { "mic", "s0", "s1" }));
            Assert.That((read.OpusPayloadType, read.LevelExtension), Is.EqualTo((109, 3)));
        });
    }

    [Test]
    public void Incomplete_SDP_is_refused_and_the_error_names_the_missing_part() => Assert.That(
        () => SdpDescription.Parse("v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\na=ice-ufrag:abcd\r\n"),
        Throws.TypeOf<FormatException>().With.Message.Contains("ice-pwd"));

    [TestCase("candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host", true)]
    [TestCase("candidate:1 1 UDP 1 2001:db8::1 50000 typ srflx raddr 10.0.0.1 rport 9", true)]
    [TestCase("candidate:1 1 tcp 2130706431 192.0.2.1 9 typ host tcptype passive", false)]
    [TestCase("candidate:1 1 udp 2130706431 4d2c.local 50000 typ host", false)]
    [TestCase("candidate:1 1 udp 2130706431 192.0.2.1 70000 typ host", false)]
    [TestCase("", false)]
    public void Only_UDP_candidates_with_an_address_are_usable(string text, bool usable) =>
        Assert.That(SdpDescription.TryReadCandidate(text, out _, out _), Is.EqualTo(usable));

    [Test]
    public void Loopback_candidate_is_first_for_a_local_server_and_omitted_for_a_remote_server()
    {
        TransportAddress[] candidates = [Address("192.0.2.7", 1), Address("127.0.0.1", 2), Address("2001:db8::7", 3)];

        Assert.Multiple(() =>
        {
            Assert.That(Candidates.InOrder(candidates, IPAddress.Loopback), Is.EqualTo(new[] { candidates[1], candidates[0] }));
            Assert.That(Candidates.InOrder(candidates, IPAddress.Parse("192.0.2.1")), Is.EqualTo(new[] { candidates[0] }));
            Assert.That(Candidates.InOrder(candidates, IPAddress.Parse("2001:db8::1")), Is.EqualTo(new[] { candidates[2] }));
        });
    }

    private static TransportAddress Address(string address, int port) =>
        TransportAddress.From(new IPEndPoint(IPAddress.Parse(address), port));
}
