using System.Buffers.Binary;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Srtp;
using Hype.MediaNode.Stun;
using Hype.MediaNode.Transport;

namespace Hype.MediaClient;

internal enum PeerState
{
    /// <summary>Its checks have not been answered yet.</summary>
    Checking,

    /// <summary>The path is good, DTLS is under way.</summary>
    Handshaking,

    /// <summary>There are keys: media flows.</summary>
    Connected,

    /// <summary>DTLS failed or the other side said goodbye.</summary>
    Ended,
}

/// <summary>
/// A client's side of one transport: ICE, DTLS, SRTP both ways. Datagrams and time come in as parameters, datagrams go out through
/// the sink; it owns no socket, thread or clock (microseconds, any origin).
/// </summary>
/// <param name="own">What the other side checks us with; needed only where it does (<see cref="VoicePeer.AnswersChecks"/>).</param>
/// <param name="node">What we check the other side with.</param>
/// <param name="number">Any number that tells this peer from the others of the process.</param>
/// <param name="servesDtls">The other side starts DTLS: between two clients one of them has to wait (RFC 5763 §5).</param>
internal sealed class VoicePeer(
    IceCredentials own, IceCredentials node, uint number, DtlsContext dtls, IDatagramSink sink, IVoiceListener listener, bool servesDtls = false) : IDisposable
{
    // µs. A first check may be lost, or come before the node knows the endpoint.
    private const long CheckInterval = 50_000;

    // µs, RFC 7675 §5.1: 4 to 6 s.
    private const long ConsentInterval = 5_000_000;

    // µs. OpenSSL keeps the time of its retransmissions; this is how often it is asked.
    private const long HandshakeInterval = 50_000;

    // Checks whose answers are still taken: a third of a second of them, on a path that has just begun.
    private const int RecentChecks = 8;

    // RFC 8445 §5.1.2.1: host, one component.
    private const uint HostPriority = (126u << 24) | (65535u << 8) | 255;

    private readonly IceLite _answering = new(own.UfragBytes, own.PwdBytes);
    private readonly byte[] _checkUsername = System.Text.Encoding.ASCII.GetBytes($"{node.Ufrag}:{own.Ufrag}");
    private readonly DtlsSession _dtls = new(dtls, servesDtls);
    private SrtpSender? _sender;
    private SrtpReceiver? _receiver;
    private readonly TransportAddress[] _checked = new TransportAddress[RecentChecks];
    private TransportAddress _node;
    private long _nextCheck;
    private long _nextHandshake;
    private int _transaction;

    public uint Number => number;

    public PeerState State { get; private set; }

    /// <summary>The other side is the one that checks and nominates, as a full agent is; we only answer (RFC 8445 §2.5).</summary>
    public bool AnswersChecks { get; init; }

    /// <summary>There from <see cref="PeerState.Connected"/> on.</summary>
    public SrtpProfile Profile => (SrtpProfile)_dtls.SrtpProfile;

    /// <summary>Datagrams that did not authenticate, or that nobody waits for.</summary>
    public int Unreadable { get; private set; }

    /// <summary>The other side's certificate, DER, once DTLS is up.</summary>
    public byte[] PeerCertificate => _dtls.GetPeerCertificate();

    /// <summary>Where the other side is, or has moved to. Checks go there from the next <see cref="Tick"/> on.</summary>
    public void ConnectTo(TransportAddress address)
    {
        _node = address;
        _nextCheck = 0;
    }

    /// <summary>Checks, consent and retransmissions that are due. Call it every 50 ms or more often.</summary>
    public void Tick(long now)
    {
        if (State == PeerState.Ended)
            return;
        if (!AnswersChecks && now >= _nextCheck)
        {
            _nextCheck = now + (State == PeerState.Checking ? CheckInterval : ConsentInterval);
            SendCheck();
        }
        if (State == PeerState.Handshaking && now >= _nextHandshake)
        {
            _nextHandshake = now + HandshakeInterval;
            _dtls.HandleTimeout();
            SendDtls();
        }
    }

    /// <summary>A datagram from the other side; it may be changed in place.</summary>
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
                OnRtp(datagram, now);
                break;
            case DatagramKind.Rtcp:
                OnRtcp(datagram, now);
                break;
            default:
                Unreadable++;
                break;
        }
    }

    /// <summary>Protects and sends a packet. False before there are keys.</summary>
    /// <param name="header">RTP, as it goes on the wire.</param>
    public bool SendRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        if (_sender is null)
            return false;
        var datagram = sink.Reserve();
        header.CopyTo(datagram);
        var length = _sender.Protect(datagram, header.Length, payload);
        if (length == SrtpSender.Refused)
            return false;
        sink.Send(length, _node);
        return true;
    }

    /// <summary>Protects and sends a compound. False before there are keys.</summary>
    public bool SendRtcp(ReadOnlySpan<byte> compound)
    {
        if (_sender is null)
            return false;
        var length = _sender.ProtectRtcp(sink.Reserve(), compound);
        if (length == SrtpSender.Refused)
            return false;
        sink.Send(length, _node);
        return true;
    }

    /// <summary>Says goodbye (DTLS close_notify), so that the other side need not wait for consent to run out.</summary>
    public void Close()
    {
        if (State is PeerState.Handshaking or PeerState.Connected)
        {
            _dtls.Close();
            SendDtls();
        }
        State = PeerState.Ended;
    }

    public void Dispose()
    {
        _sender?.Dispose();
        _receiver?.Dispose();
        _dtls.Dispose();
    }

    private void SendCheck()
    {
        Span<byte> id = stackalloc byte[StunMessage.TransactionIdLength];
        WriteTransactionId(id, ++_transaction);
        _checked[_transaction % RecentChecks] = _node;
        var length = StunWriter.WriteBindingRequest(sink.Reserve(), id, _checkUsername, HostPriority, number + 1ul, useCandidate: true, node.PwdBytes);
        sink.Send(length, _node);
    }

    private void WriteTransactionId(Span<byte> id, int transaction)
    {
        id.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(id, number);
        BinaryPrimitives.WriteInt32BigEndian(id[4..], transaction);
    }

    /// <summary>Is it the answer to one of the last checks, from where that check went (RFC 8445 §7.2.5.2.1)?</summary>
    private bool Answers(in StunMessage message, TransportAddress from)
    {
        Span<byte> id = stackalloc byte[StunMessage.TransactionIdLength];
        for (var transaction = _transaction; transaction > Math.Max(0, _transaction - RecentChecks); transaction--)
        {
            WriteTransactionId(id, transaction);
            if (message.TransactionId.SequenceEqual(id))
                return from == _checked[transaction % RecentChecks];
        }
        return false;
    }

    private void OnStun(ReadOnlySpan<byte> datagram, TransportAddress from, long now)
    {
        if (!StunMessage.TryParse(datagram, out var message))
        {
            Unreadable++;
            return;
        }
        if (message.Class == StunClass.SuccessResponse)
        {
            if (!Answers(message, from) || !message.VerifyIntegrity(node.PwdBytes))
            {
                Unreadable++;
                return;
            }
            // The next candidate may have been tried meanwhile: the path is the one that answered.
            if (State == PeerState.Checking)
                _node = from;
            PathIsGood();
            return;
        }
        if (_answering.Handle(message, from, now, sink.Reserve(), out var length) == IceOutcome.Valid && AnswersChecks)
        {
            _node = _answering.Selected;
            sink.Send(length, from);
            PathIsGood();
            return;
        }
        if (length > 0)
            sink.Send(length, from);
    }

    private void PathIsGood()
    {
        if (State != PeerState.Checking)
            return;
        State = PeerState.Handshaking;
        _dtls.Start();
        SendDtls();
    }

    private void OnDtls(ReadOnlySpan<byte> datagram)
    {
        if (State is PeerState.Ended or PeerState.Checking)
            return;
        _dtls.Receive(datagram);
        SendDtls();
        if (_dtls.State == DtlsState.Connected && _sender is null)
            TakeKeys();
        else if (_dtls.State is DtlsState.Failed or DtlsState.Closed)
            State = PeerState.Ended;
    }

    private void TakeKeys()
    {
        var material = new byte[SrtpProfileParameters.Of(Profile).KeyingMaterialLength];
        if (!_dtls.TryExportKeyingMaterial(material))
        {
            State = PeerState.Ended;
            return;
        }
        var keys = new DtlsSrtpKeys(Profile, material);
        _sender = servesDtls ? new SrtpSender(Profile, keys.ServerKey, keys.ServerSalt) : new SrtpSender(Profile, keys.ClientKey, keys.ClientSalt);
        // A slot of the node is an SSRC, 32 at most, and rooms follow one another.
        const int maxSsrcs = 256;
        _receiver = servesDtls
            ? new SrtpReceiver(Profile, keys.ClientKey, keys.ClientSalt, maxSsrcs)
            : new SrtpReceiver(Profile, keys.ServerKey, keys.ServerSalt, maxSsrcs);
        State = PeerState.Connected;
    }

    private void OnRtp(Span<byte> packet, long now)
    {
        if (_receiver is null || !RtpHeader.TryParse(packet, out var header) || _receiver.TryUnprotect(packet, header, out var length) != SrtpResult.Ok)
            Unreadable++;
        else
            listener.OnFrame(this, header, packet[..length], now);
    }

    private void OnRtcp(Span<byte> packet, long now)
    {
        if (_receiver is null || _receiver.TryUnprotectRtcp(packet, out var length) != SrtpResult.Ok)
            Unreadable++;
        else
            listener.OnReport(this, packet[..length], now);
    }

    private void SendDtls()
    {
        foreach (var datagram in _dtls.Outgoing)
        {
            datagram.CopyTo(sink.Reserve());
            sink.Send(datagram.Length, _node);
        }
        _dtls.ClearOutgoing();
    }
}
