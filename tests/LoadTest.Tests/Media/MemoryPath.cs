using Hype.MediaClient;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Stun;

namespace Hype.LoadTest.Tests.Media;

/// <summary>
/// A client and a node in memory, with nothing lost and no time passing between them but what the test says. The node has the same keys at
/// every address that is up, as one that was revived from its ticket has; what it sends comes from where it was checked last.
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

    /// <summary>µs.</summary>
    public long Now { get; private set; }

    /// <summary>Whatever the client has sent, and whereto.</summary>
    public List<(byte[] Datagram, TransportAddress To)> Sent { get; } = [];

    /// <summary>The checks among them since the first <paramref name="known"/>: where each went, and whether it nominated.</summary>
    public IEnumerable<(TransportAddress To, bool Nominates)> ChecksSince(int known) =>
        from sent in Sent.Skip(known)
        where DatagramClassifier.Classify(sent.Datagram) == DatagramKind.Stun
        select (sent.To, Nominates(sent.Datagram));

    /// <summary>Where the client's media has gone since the first <paramref name="known"/>.</summary>
    public IEnumerable<TransportAddress> MediaSince(int known) =>
        Sent.Skip(known).Where(sent => DatagramClassifier.Classify(sent.Datagram) == DatagramKind.Rtp).Select(sent => sent.To);

    public void Up(TransportAddress address) => _up.Add(address);

    public void Down(TransportAddress address) => _up.Remove(address);

    /// <summary>Time passes, in steps of 10 ms as a driver has them; whatever is sent arrives at once.</summary>
    public void Pass(int milliseconds)
    {
        for (var until = Now + (milliseconds * 1000L); Now < until; Now += 10_000)
        {
            Client.Tick(Now);
            Node.Tick(Now);
            Arrive();
        }
    }

    /// <summary>All that is under way.</summary>
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

    /// <summary>Writes down what comes.</summary>
    internal sealed class Listener : IVoiceListener
    {
        public List<uint> Frames { get; } = [];

        /// <summary>How it moved, and how many frames had come by then.</summary>
        public List<(MoveWay Way, int FramesBefore)> Moves { get; } = [];

        /// <summary>How many frames had come before the first one after each move.</summary>
        public List<int> HeardAfterMove { get; } = [];

        public void OnFrame(VoicePeer peer, in RtpHeader header, ReadOnlySpan<byte> packet, long arrivedAt)
        {
            Assert.That(header.TryGetPayload(packet, out var payload) && SpokenFrame.TryRead(payload, out var frame) && Add(frame.Frame), Is.True);
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
