using Hype.MediaClient;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Stun;

namespace Hype.LoadTest.Tests.Media;

/// <summary>
/// Connects a client and a media node in memory, without loss; only the test advances the time. The node answers at each address that <see
/// cref="Up"/> has added, always with the same keys, like a node that has revived the endpoint from its ticket. It sends from the address
/// that the client checked last.
/// </summary>
internal sealed class MemoryPath : IDisposable
{
    private static readonly TransportAddress ClientAddress = TransportAddress.FromIPv4([198, 51, 100, 1], 5000);

    private readonly DtlsContext _dtls = SelfSigned.Client.NewContext();
    private readonly Queue<Action> _underWay = [];
    private readonly HashSet<TransportAddress> _up = [];
    private TransportAddress _nodeIsAt;

    public MemoryPath(TransportAddress first)
    {
        _up.Add(_nodeIsAt = first);
        Client = new VoicePeer(ClientIce, NodeIce, 1, _dtls, new Sink(FromClient), HeardByClient);
        Node = new VoicePeer(NodeIce, ClientIce, 2, _dtls, new Sink(FromNode), HeardByNode, servesDtls: true) { AnswersChecks = true };
        Client.ConnectTo(first);
    }

    public IceCredentials ClientIce { get; } = IceCredentials.New();

    public IceCredentials NodeIce { get; } = IceCredentials.New();

    public VoicePeer Client { get; }

    public VoicePeer Node { get; }

    public Listener HeardByClient { get; } = new();

    public Listener HeardByNode { get; } = new();

    /// <summary>The current time in µs.</summary>
    public long Now { get; private set; }

    /// <summary>All datagrams that the client has sent, with their destinations.</summary>
    public List<(byte[] Datagram, TransportAddress To)> Sent { get; } = [];

    /// <summary>
    /// Returns destination and nomination of each ICE check that the client sent after its first <paramref name="known"/> datagrams.
    /// </summary>
    public IEnumerable<(TransportAddress To, bool Nominates)> ChecksSince(int known) =>
        from sent in Sent.Skip(known)
        where DatagramClassifier.Classify(sent.Datagram) == DatagramKind.Stun
        select (sent.To, Nominates(sent.Datagram));

    /// <summary>
    /// Returns the destination of each media packet that the client sent after its first <paramref name="known"/> datagrams.
    /// </summary>
    public IEnumerable<TransportAddress> MediaSince(int known) =>
        Sent.Skip(known).Where(sent => DatagramClassifier.Classify(sent.Datagram) == DatagramKind.Rtp).Select(sent => sent.To);

    public void Up(TransportAddress address) => _up.Add(address);

    public void Down(TransportAddress address) => _up.Remove(address);

    /// <summary>Advances the simulated time in steps of 10 ms, as a driver does. Datagrams arrive without delay.</summary>
    public void Pass(int milliseconds)
    {
        for (var until = Now + (milliseconds * 1000L); Now < until; Now += 10_000)
        {
            Client.Tick(Now);
            Node.Tick(Now);
            Arrive();
        }
    }

    /// <summary>Delivers all datagrams in flight.</summary>
    public void Arrive()
    {
        while (_underWay.TryDequeue(out var arrive))
            arrive();
    }

    public void Dispose()
    {
        Client.Dispose();
        Node.Dispose();
        _dtls.Dispose();
    }

    private void FromClient(byte[] datagram, TransportAddress to)
    {
        Sent.Add(((byte[])datagram.Clone(), to));
        _underWay.Enqueue(() =>
        {
            if (!_up.Contains(to))
                return;
            if (DatagramClassifier.Classify(datagram) == DatagramKind.Stun)
                _nodeIsAt = to;
            Node.Receive(datagram, ClientAddress, Now);
        });
    }

    private void FromNode(byte[] datagram, TransportAddress to)
    {
        Assert.That(to, Is.EqualTo(ClientAddress));
        var from = _nodeIsAt;
        if (_up.Contains(from))
            _underWay.Enqueue(() => Client.Receive(datagram, from, Now));
    }

    private static bool Nominates(byte[] check)
    {
        Assert.That(StunMessage.TryParse(check, out var message), Is.True);
        return message.HasUseCandidate;
    }

    private sealed class Sink(Action<byte[], TransportAddress> send) : IDatagramSink
    {
        private readonly byte[] _buffer = new byte[IDatagramSocket.MaxDatagram];

        public Span<byte> Reserve() => _buffer;

        public void Send(int length, TransportAddress to) => send(_buffer[..length], to);
    }

    /// <summary>Records the frames that a peer receives, and each change of the peer to another media node.</summary>
    internal sealed class Listener : IVoiceListener
    {
        public List<uint> Frames { get; } = [];

        /// <summary>The moves, each with the number of frames received before it.</summary>
        public List<(MoveWay Way, int FramesBefore)> Moves { get; } = [];

        /// <summary>The number of frames received before the first frame from the new address, for each move.</summary>
        public List<int> HeardAfterMove { get; } = [];

        public void OnFrame(VoicePeer peer, in RtpHeader header, ReadOnlySpan<byte> packet, long arrivedAt)
        {
            Assert.That(
                header.TryGetPayload(packet, out var payload) && SpokenFrame.TryRead(payload, out var frame) && Add(frame.Frame), Is.True);
        }

        public void OnReport(VoicePeer peer, ReadOnlySpan<byte> compound, long arrivedAt)
        {
        }

        public void OnMoved(VoicePeer peer, MoveWay way, long now) => Moves.Add((way, Frames.Count));

        public void OnHeardAfterMove(VoicePeer peer, long arrivedAt) => HeardAfterMove.Add(Frames.Count);

        private bool Add(uint frame)
        {
            Frames.Add(frame);
            return true;
        }
    }
}
