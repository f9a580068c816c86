using Hype.MediaClient;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Stun;

namespace Hype.LoadTest.Tests.Media;

/// <summary>Tests which answers to ICE checks validate the path of a peer.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class VoicePeerTests : IDatagramSink, IVoiceListener
{
    private static readonly TransportAddress First = TransportAddress.FromIPv4([192, 0, 2, 1], 4000);
    private static readonly TransportAddress Second = TransportAddress.FromIPv4([192, 0, 2, 2], 4000);

    private readonly IceCredentials _node = IceCredentials.New();
    private readonly byte[] _buffer = new byte[IDatagramSocket.MaxDatagram];
    private readonly List<(byte[] Datagram, TransportAddress To)> _sent = [];
    private readonly DtlsContext _dtls = SelfSigned.Client.NewContext();
    private VoicePeer _peer = null!;

    [SetUp]
    public void Check()
    {
        _peer = new VoicePeer(IceCredentials.New(), _node, 7, _dtls, this, this);
        _peer.ConnectTo(First);
        _peer.Tick(0);
    }

    [TearDown]
    public void Close()
    {
        _peer.Dispose();
        _dtls.Dispose();
    }

    [Test]
    public void STUN_response_from_the_checked_address_validates_the_path()
    {
        Answer(_sent.Single().Datagram, First);

        Assert.That((_peer.State, _sent[^1].To), Is.EqualTo((PeerState.Handshaking, First)));
    }

    [Test]
    public void Late_STUN_response_from_an_earlier_candidate_makes_the_peer_use_that_candidate()
    {
        _peer.ConnectTo(Second);
        _peer.Tick(50_000);

        Answer(_sent[0].Datagram, First);

        Assert.That((_peer.State, _sent[^1].To), Is.EqualTo((PeerState.Handshaking, First)));
    }

    [Test]
    public void STUN_response_from_another_address_does_not_validate_the_path()
    {
        Answer(_sent.Single().Datagram, Second);

        Assert.That((_peer.State, _peer.Unreadable), Is.EqualTo((PeerState.Checking, 1)));
    }

    [Test]
    public void STUN_response_with_an_unknown_transaction_id_does_not_validate_the_path()
    {
        var check = (byte[])_sent.Single().Datagram.Clone();
        check[StunMessage.HeaderLength - 1] ^= 1; // the end of the transaction id

        Answer(check, First);

        Assert.That((_peer.State, _peer.Unreadable), Is.EqualTo((PeerState.Checking, 1)));
    }

    /// <summary>Answers a check from the given address as the node would, with the node's password.</summary>
    private void Answer(byte[] check, TransportAddress from)
    {
        var transaction = check.AsSpan(StunMessage.HeaderLength - StunMessage.TransactionIdLength, StunMessage.TransactionIdLength);
        var answer = new byte[StunWriter.MaxResponseLength];
        var length = StunWriter.WriteBindingSuccess(answer, transaction, [192, 0, 2, 9], 5000, _node.PwdBytes);
        _peer.Receive(answer.AsSpan(0, length), from, now: 60_000);
    }

    Span<byte> IDatagramSink.Reserve() => _buffer;

    void IDatagramSink.Send(int length, TransportAddress to) => _sent.Add((_buffer[..length], to));

    void IVoiceListener.OnFrame(VoicePeer peer, in RtpHeader header, ReadOnlySpan<byte> packet, long arrivedAt)
    {
    }

    void IVoiceListener.OnReport(VoicePeer peer, ReadOnlySpan<byte> compound, long arrivedAt)
    {
    }
}
