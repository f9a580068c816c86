using Hype.MediaClient;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Srtp;
using Hype.MediaNode.Tests.Dtls;

namespace Hype.MediaNode.Tests.Workers;

public sealed class ConnectTests
{
    [Test]
    public void Answer_to_an_ICE_check_contains_the_source_address_of_the_ICE_check()
    {
        using var bench = new WorkerBench();
        var peer = bench.Add(1);

        peer.Check();
        bench.Turn();

        Assert.That(peer.StunAnswers, Is.EqualTo(new[] { 0 }));
        Assert.That(peer.Mapped, Is.EqualTo(peer.Address));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Endpoint_connects_if_the_SDP_fingerprint_arrives_before_or_after_the_handshake(bool before)
    {
        using var bench = new WorkerBench();
        var peer = bench.Add(1);
        if (before)
            bench.Answer(peer);
        peer.Check();
        peer.Greet();
        bench.Turn();
        Assert.That(peer.Dtls.State, Is.EqualTo(DtlsState.Connected));
        Assert.That(bench.Events, Has.Count.EqualTo(before ? 1 : 0), "connected means that the fingerprint was verified");

        if (!before)
            bench.Answer(peer);

        Assert.That(bench.Events, Is.EqualTo(new[] { new RoomEvent(WorkerBench.Room, RoomEventKind.Connected, new MemberNumber(1)) }));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void ClientHello_in_two_datagrams_is_reassembled_in_any_order(bool reordered)
    {
        using var bench = new WorkerBench();
        var peer = bench.Add(1);
        peer.Check();
        var (first, second) = ClientHello.Cut(peer.Greeting());

        peer.Send(reordered ? second : first);
        peer.Send(reordered ? first : second);
        bench.Turn();
        bench.Answer(peer);

        Assert.That(bench.IsConnected(1), Is.True);
    }

    [TestCase("SRTP_AES128_CM_SHA1_80", SrtpProfile.AesCm128HmacSha1_80)]
    [TestCase("SRTP_AEAD_AES_128_GCM", SrtpProfile.AeadAes128Gcm)]
    [TestCase("SRTP_AEAD_AES_256_GCM", SrtpProfile.AeadAes256Gcm)]
    public void Media_of_a_client_with_any_supported_SRTP_profile_is_heard_by_other_clients(string offered, object expected)
    {
        using var dtls = SelfSigned.Client.NewContext(offered);
        using var bench = new WorkerBench();
        var speaker = bench.Connect(1, dtls: dtls);
        var others = bench.Connect([2]);
        var same = bench.Connect(3, dtls: dtls);

        bench.Frame(7, speaker);

        Assert.That(speaker.Profile, Is.EqualTo(expected));
        Assert.That(others.Append(same).Select(peer => peer.Heard.Single().Word), Is.All.EqualTo(7));
    }

    [Test]
    public void Node_selects_AES_128_GCM_if_the_client_offers_all_SRTP_profiles()
    {
        using var bench = new WorkerBench();

        Assert.That(bench.Connect(1).Profile, Is.EqualTo(SrtpProfile.AeadAes128Gcm));
    }

    [Test]
    public void ICE_check_with_a_role_conflict_is_answered_with_487_and_selects_no_address()
    {
        using var bench = new WorkerBench();
        var peer = bench.Add(1);
        // The same request with ICE-CONTROLLING (0x802A) replaced by ICE-CONTROLLED (0x8029), integrity included.
        peer.Send(StunRequests.Controlled(peer));
        peer.Greet();
        bench.Turn();

        Assert.That(peer.StunAnswers, Is.EqualTo(new[] { 487 }));
        Assert.That(peer.Dtls.State, Is.EqualTo(DtlsState.Handshaking));
        Assert.That(bench.Drops[DropReason.UnknownAddress], Is.EqualTo(1));
    }

    [Test]
    public void DTLS_close_notify_of_the_client_closes_the_endpoint_at_once()
    {
        using var bench = new WorkerBench();
        var peer = bench.Connect(1);

        peer.SayGoodbye();
        bench.Turn();

        Assert.That(bench.ClosedBecause(1), Is.EqualTo(CloseReason.PeerClosed));
        Assert.That(bench.Worker.Counters.Endpoints, Is.Zero);
        Assert.That(
            (bench.Worker.Counters.HandshakesDone, bench.Worker.Counters.HandshakesFailed), Is.EqualTo((1, 0)),
            "close_notify is no failed handshake");
    }
}
