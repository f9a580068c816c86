using Hype.MediaNode.Dtls;
using Hype.MediaNode.Net;
using Hype.MediaNode.Srtp;
using Hype.MediaNode.Stun;
using Hype.MediaNode.Transport;

namespace Hype.MediaClient;

internal enum PeerState
{
    /// <summary>No STUN check of the peer has been answered yet.</summary>
    Checking,

    /// <summary>A STUN check was answered, and the DTLS handshake is in progress.</summary>
    Handshaking,

    /// <summary>The handshake is complete: the peer has keys and can send and receive media.</summary>
    Connected,

    /// <summary>The DTLS handshake failed, or the other side sent close_notify.</summary>
    Ended,
}

/// <summary>
/// A client's side of one transport: ICE, and the DTLS and SRTP of <see cref="PeerTransport"/>. It owns no socket, thread or clock: the
/// caller passes received datagrams and the time (in microseconds of any origin) as arguments, and the peer writes outgoing datagrams to a
/// sink.
/// </summary>
internal sealed class VoicePeer : IDisposable
{
    // µs. A first check may be lost, or arrive before the node has the endpoint.
    private const long CheckInterval = 50_000;

    // µs, RFC 7675 §5.1: 4 to 6 s.
    private const long ConsentInterval = 5_000_000;

    // µs. OpenSSL times its retransmissions; this is the interval at which its timer is checked.
    private const long HandshakeInterval = 50_000;

    // Injected.
    private readonly IDatagramSink _sink;
    private readonly IVoiceListener _listener;

    // Owned.
    private readonly ConnectivityChecks _checks;
    private readonly MoveTrials _trials = new();
    private readonly PeerTransport _transport;
    private IceLite _answering;

    // Derived.
    private TransportAddress _node;
    private TransportAddress? _silentSoFar;
    private long _nextCheck;
    private long _nextHandshake;

    /// <param name="own">The credentials that authenticate the other side's checks.</param>
    /// <param name="node">The credentials of this side's checks.</param>
    /// <param name="number">A number that distinguishes this peer from others of the process.</param>
    /// <param name="servesDtls">The other side starts DTLS: between two clients one of them has to wait (RFC 5763 §5).</param>
    public VoicePeer(IceCredentials own, IceCredentials node, uint number, DtlsContext dtls, IDatagramSink sink, IVoiceListener listener,
        bool servesDtls = false)
    {
        (Number, _sink, _listener) = (number, sink, listener);
        _answering = new IceLite(own.UfragBytes, own.PwdBytes);
        _checks = new ConnectivityChecks(number);
        _checks.Use(own, node);
        _transport = new PeerTransport(dtls, servesDtls, datagram => SendDatagram(datagram));
    }

    public uint Number { get; }

    public PeerState State { get; private set; }

    /// <summary>
    /// True if the other side sends checks and nominates, like a full ICE agent; this side then only answers (RFC 8445 §2.5).
    /// </summary>
    public bool AnswersChecks { get; init; }

    /// <summary>The negotiated SRTP profile; available from <see cref="PeerState.Connected"/> on.</summary>
    public SrtpProfile Profile => _transport.Profile;

    /// <summary>The SRTP sender of the peer; null before the peer has keys.</summary>
    public SrtpSender? Sender => _transport.Sender;

    /// <summary>The number of received datagrams that were not authentic, or that the peer did not expect in its state.</summary>
    public int Unreadable { get; private set; }

    /// <summary>The other side's certificate, DER; available after the handshake.</summary>
    public byte[] PeerCertificate => _transport.Dtls.GetPeerCertificate();

    /// <summary>Sets the address of the other side, to which checks go from the next <see cref="Tick"/> on.</summary>
    public void ConnectTo(TransportAddress address)
    {
        _node = address;
        _nextCheck = 0;
    }

    /// <summary>
    /// Adds a candidate address of the other side, with the same credentials and keys. The peer checks it at once; media continues to go
    /// to the old address until the new one has answered.
    /// </summary>
    /// <param name="priority">The candidate's priority; it is tried only if better than those followed before.</param>
    public void Follow(TransportAddress address, uint priority, long now)
    {
        _trials.Add(address, priority, MoveWay.Candidate, now);
        SendTrials(now);
    }

    /// <summary>
    /// Restarts ICE (RFC 8445 §9) with new credentials on both sides and the same keys. As after <see cref="Follow"/>, media continues to
    /// go to the old address until a new one has answered.
    /// </summary>
    /// <param name="addresses">The best one first.</param>
    public void Restart(IceCredentials own, IceCredentials node, IReadOnlyList<TransportAddress> addresses, long now)
    {
        _answering = new IceLite(own.UfragBytes, own.PwdBytes);
        _checks.Use(own, node);
        _trials.Clear();
        for (var i = 0; i < addresses.Count; i++)
            _trials.Add(addresses[i], (uint)(addresses.Count - i), MoveWay.IceRestart, now);
        SendTrials(now);
    }

    /// <summary>
    /// Sends the connectivity checks, consent checks and DTLS retransmissions that are due. Must be called at least every 50 ms.
    /// </summary>
    public void Tick(long now)
    {
        if (State == PeerState.Ended)
            return;
        SendTrials(now);
        if (!AnswersChecks && now >= _nextCheck && !_trials.IsRestart)
        {
            _nextCheck = now + (State == PeerState.Checking ? CheckInterval : ConsentInterval);
            SendCheck(_node, nominates: true);
        }

        if (State == PeerState.Handshaking && now >= _nextHandshake)
        {
            _nextHandshake = now + HandshakeInterval;
            _transport.Retransmit();
        }
    }

    /// <summary>Processes a datagram of the other side. The peer may change the datagram in place.</summary>
    public void Receive(Span<byte> datagram, TransportAddress from, long now)
    {
        switch (DatagramClassifier.Classify(datagram))
        {
            case DatagramKind.Stun:
                OnStun(datagram, from, now);
                break;
            case DatagramKind.Dtls:
                OnDtls(datagram);
                break;
            case DatagramKind.Rtp:
                OnRtp(datagram, from, now);
                break;
            case DatagramKind.Rtcp:
                OnRtcp(datagram, now);
                break;
            default:
                Unreadable++;
                break;
        }
    }

    /// <summary>Encrypts and sends a media packet. Returns false before the peer has keys.</summary>
    /// <param name="header">The RTP header as sent.</param>
    public bool SendRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        if (_transport.Sender is not { } sender)
            return false;
        var datagram = _sink.Reserve();
        header.CopyTo(datagram);
        var length = sender.Protect(datagram, header.Length, payload);
        if (length == SrtpSender.Refused)
            return false;
        _sink.Send(length, _node);
        return true;
    }

    /// <summary>Encrypts and sends an RTCP compound. Returns false before the peer has keys.</summary>
    public bool SendRtcp(ReadOnlySpan<byte> compound)
    {
        if (_transport.Sender is not { } sender)
            return false;
        var length = sender.ProtectRtcp(_sink.Reserve(), compound);
        if (length == SrtpSender.Refused)
            return false;
        _sink.Send(length, _node);
        return true;
    }

    /// <summary>Sends a datagram as it is.</summary>
    public void SendDatagram(ReadOnlySpan<byte> datagram)
    {
        datagram.CopyTo(_sink.Reserve());
        _sink.Send(datagram.Length, _node);
    }

    /// <summary>Returns the next connectivity check of the peer without sending it.</summary>
    public byte[] NextCheck(bool nominates)
    {
        var check = new byte[StunMessage.MaxLength];
        return check[.._checks.Write(check, _node, nominates)];
    }

    /// <summary>Returns a connectivity check with a wrong password without sending it.</summary>
    public byte[] ForgedCheck()
    {
        var check = new byte[StunMessage.MaxLength];
        return check[.._checks.WriteForged(check)];
    }

    /// <summary>Sends close_notify, so that the other side does not wait until the consent expires.</summary>
    public void Close()
    {
        if (State is PeerState.Handshaking or PeerState.Connected)
            _transport.Close();
        State = PeerState.Ended;
    }

    public void Dispose() => _transport.Dispose();

    private void SendTrials(long now)
    {
        foreach (var address in _trials.Due(now))
            SendCheck(address, nominates: false);
    }

    private void SendCheck(TransportAddress to, bool nominates) => _sink.Send(_checks.Write(_sink.Reserve(), to, nominates), to);

    private void OnStun(ReadOnlySpan<byte> datagram, TransportAddress from, long now)
    {
        if (!StunMessage.TryParse(datagram, out var message))
        {
            Unreadable++;
            return;
        }

        if (message.Class == StunClass.SuccessResponse)
        {
            if (_checks.AreAnsweredBy(message, from))
                OnAnswered(from, now);
            else
                Unreadable++;
            return;
        }

        if (!AnswersChecks)
        {
            if (_checks.Answer(message, from, _sink.Reserve()) is > 0 and var answer)
                _sink.Send(answer, from);
            else
                Unreadable++;
            return;
        }

        var outcome = _answering.Handle(message, from, now, _sink.Reserve(), out var length);
        if (length > 0)
            _sink.Send(length, from);
        if (outcome != IceOutcome.Valid)
            return;
        _node = _answering.Selected;
        PathIsGood();
    }

    private void OnAnswered(TransportAddress from, long now)
    {
        if (_trials.TrySelect(from, out var way))
        {
            (_node, _silentSoFar) = (from, from);
            // Sent twice, in case one is lost.
            _nextCheck = now + CheckInterval;
            SendCheck(from, nominates: true);
            _listener.OnMoved(this, way, now);
        }
        else if (State == PeerState.Checking)
        {
            // The next candidate may have been tried meanwhile, but the path is the candidate that answered.
            _node = from;
        }

        PathIsGood();
    }

    private void PathIsGood()
    {
        if (State != PeerState.Checking)
            return;
        State = PeerState.Handshaking;
        _transport.Start();
    }

    private void OnDtls(ReadOnlySpan<byte> datagram)
    {
        if (State is PeerState.Ended or PeerState.Checking)
            return;
        _transport.Receive(datagram);
        if (_transport.HasEnded)
            State = PeerState.Ended;
        else if (_transport.IsConnected)
            State = PeerState.Connected;
    }

    private void OnRtp(Span<byte> packet, TransportAddress from, long now)
    {
        if (!_transport.TryReadRtp(packet, out var header, out var length))
        {
            Unreadable++;
            return;
        }

        if (_silentSoFar == from)
        {
            _silentSoFar = null;
            _listener.OnHeardAfterMove(this, now);
        }

        _listener.OnFrame(this, header, packet[..length], now);
    }

    private void OnRtcp(Span<byte> packet, long now)
    {
        if (_transport.TryReadRtcp(packet, out var length))
            _listener.OnReport(this, packet[..length], now);
        else
            Unreadable++;
    }
}
