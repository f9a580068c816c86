using Hype.Gateway.Sdp;

namespace Hype.Gateway.Tests.Sdp;

public sealed class AnswerReaderTests
{
    [Test]
    public void Valid_answer_is_parsed_into_epoch_ICE_credentials_and_DTLS_fingerprint()
    {
        Assert.That(AnswerReader.Read(Samples.Answer, epoch: new(2), mediaCount: 3, out var answer), Is.EqualTo(AnswerFlaw.None));
        Assert.That(answer!.Epoch, Is.EqualTo(new LayoutEpoch(2)));
        Assert.That(answer.IceUfrag, Is.EqualTo("+a/b"));
        Assert.That(answer.IcePwd, Is.EqualTo("0123456789abcdefghijkl"));
        Assert.That(answer.FingerprintAlgorithm, Is.EqualTo("sha-256"));
        Assert.That(answer.Fingerprint, Is.EqualTo(Convert.FromHexString(Samples.Fingerprint.Replace(":", "", StringComparison.Ordinal))));
    }

    [Test]
    public void Answer_with_CRLF_line_ends_is_accepted() =>
        Assert.That(Read(Samples.Answer.ReplaceLineEndings("\r\n")), Is.EqualTo(AnswerFlaw.None));

    [Test]
    public void Valid_answer_is_accepted_when_the_number_of_offered_m_lines_is_unknown() =>
        Assert.That(AnswerReader.Read(Samples.Answer, new(2), mediaCount: null, out _), Is.EqualTo(AnswerFlaw.None));

    [Test]
    public void ICE_and_DTLS_attributes_are_also_read_from_the_session_level_of_the_SDP()
    {
        var transport =
            $"a=ice-ufrag:+a/b\na=ice-pwd:0123456789abcdefghijkl\na=fingerprint:sha-256 {Samples.Fingerprint}\na=setup:active\n";
        var sdp = transport.Split('\n', StringSplitOptions.RemoveEmptyEntries).Aggregate(
            Samples.Answer, (text, line) => text.Replace($"{line}\n", "", StringComparison.Ordinal));
        Assert.That(Read(sdp), Is.EqualTo(AnswerFlaw.NotActive), "it is gone from the m-lines");
        Assert.That(Read(sdp.Replace("t=0 0\n", $"t=0 0\n{transport}", StringComparison.Ordinal)), Is.EqualTo(AnswerFlaw.None));
    }

    [TestCase("sha-1 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33", "sha-256")]
    [TestCase("SHA-1 00:11", "SHA-256")]
    [TestCase("sha-224 00:11", "Sha-256")]
    [TestCase("md2", "sha-256")]
    public void First_supported_fingerprint_of_several_counts_in_any_case_and_order(string unsupported, string algorithm)
    {
        var line = $"a=fingerprint:sha-256 {Samples.Fingerprint}\n";
        var known = line.Replace("sha-256", algorithm, StringComparison.Ordinal);
        foreach (var lines in new[] { $"a=fingerprint:{unsupported}\n{known}", $"{known}a=fingerprint:{unsupported}\n" })
        {
            var sdp = Samples.Answer.Replace(line, lines, StringComparison.Ordinal);
            Assert.That(AnswerReader.Read(sdp, new(2), mediaCount: 3, out var answer), Is.EqualTo(AnswerFlaw.None));
            Assert.That((answer!.FingerprintAlgorithm, answer.Fingerprint.Length), Is.EqualTo(("sha-256", 32)));
        }
    }

    [TestCase("a=setup:active", "a=setup:passive", nameof(AnswerFlaw.NotActive))]
    [TestCase("a=setup:active", "a=setup:actpass", nameof(AnswerFlaw.NotActive))]
    [TestCase("BUNDLE mic s0 s1", "BUNDLE mic s0", nameof(AnswerFlaw.NotBundled))]
    [TestCase("a=group:BUNDLE mic s0 s1", "a=x", nameof(AnswerFlaw.NotBundled))]
    [TestCase("a=rtcp-mux", "a=x", nameof(AnswerFlaw.NoRtcpMux))]
    [TestCase("a=mid:s1", "a=mid:s2", nameof(AnswerFlaw.Mid))]
    [TestCase("a=mid:mic", "a=x", nameof(AnswerFlaw.Mid))]
    [TestCase("m=audio 9 UDP/TLS/RTP/SAVPF 111\n", "m=audio 0 UDP/TLS/RTP/SAVPF 111\n", nameof(AnswerFlaw.MediaRejected))]
    [TestCase("m=audio 9 UDP/TLS/RTP/SAVPF 111\n", "m=video 9 UDP/TLS/RTP/SAVPF 111\n", nameof(AnswerFlaw.NotAudio))]
    [TestCase("m=audio 9 UDP/TLS/RTP/SAVPF 111\n", "m=audio 9 RTP/AVP 111\n", nameof(AnswerFlaw.NotAudio))]
    [TestCase("m=audio 9 UDP/TLS/RTP/SAVPF 111\n", "m=\n", nameof(AnswerFlaw.NotAudio))]
    [TestCase("m=audio 9 UDP/TLS/RTP/SAVPF 111\n", "m=audio 9 UDP/TLS/RTP/SAVPF 63\n", nameof(AnswerFlaw.NoOpus))]
    [TestCase("a=rtpmap:111 opus/48000/2", "a=rtpmap:111 PCMU/8000", nameof(AnswerFlaw.NoOpus))]
    [TestCase("a=ice-ufrag:+a/b", "a=ice-ufrag:abc", nameof(AnswerFlaw.IceCredentials))]
    [TestCase("a=ice-ufrag:+a/b", "a=ice-ufrag:ab c", nameof(AnswerFlaw.IceCredentials))]
    [TestCase("a=ice-pwd:0123456789abcdefghijkl", "a=ice-pwd:short", nameof(AnswerFlaw.IceCredentials))]
    [TestCase("fingerprint:sha-256", "fingerprint:md5", nameof(AnswerFlaw.Fingerprint))]
    [TestCase("fingerprint:sha-256", "fingerprint:sha-512", nameof(AnswerFlaw.Fingerprint))]
    [TestCase("00:11:22", "0G:11:22", nameof(AnswerFlaw.Fingerprint))]
    [TestCase("00:11:22", "00-11:22", nameof(AnswerFlaw.Fingerprint))]
    [TestCase("v=0", "v=1", nameof(AnswerFlaw.NotSdp))]
    [TestCase("t=0 0", "nonsense", nameof(AnswerFlaw.NotSdp))]
    public void Invalid_answer_is_rejected_with_the_matching_flaw(string replace, string with, string flaw) =>
        Assert.That(Read(Samples.Answer.Replace(replace, with, StringComparison.Ordinal)).ToString(), Is.EqualTo(flaw));

    [Test]
    public void Answer_with_fewer_m_lines_than_the_offer_is_rejected()
    {
        var cut = Samples.Answer[..Samples.Answer.LastIndexOf("m=audio", StringComparison.Ordinal)];
        Assert.That(Read(cut), Is.EqualTo(AnswerFlaw.MediaCount));
    }

    [Test]
    public void Answer_with_too_many_lines_or_with_a_too_long_line_is_rejected()
    {
        Assert.That(Read($"v=0\n{string.Concat(Enumerable.Repeat("a=x\n", AnswerReader.MaxLines))}"), Is.EqualTo(AnswerFlaw.TooLong));
        Assert.That(Read($"v=0\na={new string('x', AnswerReader.MaxLineLength)}"), Is.EqualTo(AnswerFlaw.TooLong));
    }

    [TestCase("")]
    [TestCase("v=0")]
    [TestCase("\r\n\r\n")]
    public void Text_without_media_is_rejected_as_not_SDP(string sdp) => Assert.That(Read(sdp), Is.EqualTo(AnswerFlaw.NotSdp));

    [Test]
    public void Every_flaw_has_a_different_description()
    {
        var sentences = Enum.GetValues<AnswerFlaw>().Select(AnswerFlaws.Describe).ToArray();
        Assert.That(sentences, Is.Unique);
    }

    private static AnswerFlaw Read(string sdp) => AnswerReader.Read(sdp, epoch: new(2), mediaCount: 3, out _);
}
