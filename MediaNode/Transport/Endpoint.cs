using Hype.MediaNode.Ciphers;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Net;
using Hype.MediaNode.Srtp;
using Hype.MediaNode.Stun;
using Hype.MediaNode.Tickets;

namespace Hype.MediaNode.Transport;

internal enum EndpointState
{
    /// <summary>The endpoint waits for a STUN check, the DTLS handshake or the client's certificate fingerprint.</summary>
    Connecting,

    /// <summary>The certificate fingerprint was verified, and media is accepted.</summary>
    Connected,
    Closed,
}

/// <summary>
/// A member's media connection: ICE-lite, DTLS and SRTP. It owns no socket, thread or clock: the caller passes received datagrams and the
/// time as arguments, and the endpoint writes outgoing datagrams to a sink.
/// </summary>
/// <param name="portableSlots">
/// For a portable endpoint the number of slots: its keys are retained, so that <see cref="Workers.TicketIssuer"/> can issue tickets. 0:
/// the endpoint is not portable.
/// </param>
internal sealed class Endpoint(IceLite ice, DtlsContext dtls, AesEngine aes, long createdAt, int portableSlots = 0) : IDisposable
{
    private DtlsSession? _dtls;
    private CertificateFingerprint? _fingerprint;
    private byte[]? _peerCertificate;
    private SrtpSender? _sender;
    private bool _maySend;
    private long _opened;

    /// <summary>
    /// Creates an endpoint that continues another node's transport from its ticket. It is connected at once, under the same keys and
    /// without a handshake. It sends from the ticket's bounds on, and treats all indices that the ticket lists as received.
    /// </summary>
    public static Endpoint Revive(TransportTicket ticket, DtlsContext dtls, AesEngine aes, long now, bool portable)
    {
        var ice = new IceLite(ticket.Ice, ticket.ClientHost);
        if (ticket.NextIce is { } next)
            ice.Restart(next);
        if (ticket.ClientIce is { } client)
            ice.Accept(client);
        var endpoint = new Endpoint(ice, dtls, aes, now, portable ? ticket.Slots.Length : 0)
        {
            IsRevived = true,
            _fingerprint = ticket.PeerFingerprint,
        };
        endpoint.TakeKeys(
            ticket.Keys.Copy(), ticket.NodeFingerprint, ticket.Version + TransportTicket.Generation,
            [.. ticket.Slots.Select(slot => slot.Sent)]);
        foreach (var slot in ticket.Slots)
            endpoint._sender!.StartAt(slot.Ssrc, slot.Bound);
        endpoint._sender!.StartRtcpAt(ticket.RtcpBound);
        foreach (var source in ticket.Received)
            endpoint.Receiver!.ContinueAfter(source.Ssrc, source.Highest);
        foreach (var source in ticket.ReceivedRtcp)
            endpoint.Receiver!.ContinueRtcpAfter(source.Ssrc, source.Highest);
        return endpoint;
    }

    public IceLite Ice { get; } = ice;

    /// <summary>
    /// True if another node made the DTLS handshake: this node has no DTLS association and can neither read nor write DTLS for the
    /// endpoint.
    /// </summary>
    public bool IsRevived { get; private init; }

    /// <summary>True if a DTLS handshake was started, whether it succeeded or not.</summary>
    public bool HasHandshake => _dtls is not null;

    public EndpointState State { get; private set; }

    /// <summary>The time at which the endpoint was created, in microseconds of the worker's clock.</summary>
    public long CreatedAt => createdAt;

    public CloseReason CloseReason { get; private set; }

    /// <summary>The SRTP receiver; null before <see cref="EndpointState.Connected"/>.</summary>
    public SrtpReceiver? Receiver { get; private set; }

    /// <summary>
    /// The SRTP sender; null before <see cref="EndpointState.Connected"/>. For a revived endpoint it is also null until the client has
    /// arrived and no other node can start at the same indices any more (<see cref="IndexLimit"/>).
    /// </summary>
    public SrtpSender? Sender => _maySend ? _sender : StartSendingIfAllowed();

    /// <summary>The state from which tickets are issued; null if the endpoint is not connected or not portable.</summary>
    public PortableTransport? Portable { get; private set; }

    /// <summary>
    /// Handles a STUN check: sends the answer, if the check gets one, and a check of this node, if the source address is not validated.
    /// </summary>
    public IceOutcome HandleStun(in StunMessage message, TransportAddress from, long now, IDatagramSink sink)
    {
        var outcome = Ice.Handle(message, from, now, sink.Reserve(), out var length);
        var local = outcome is IceOutcome.Valid or IceOutcome.Refused ? sink.Arrival : default;
        if (length > 0 && Ice.Paths.TrySpend(from, length))
            sink.Send(length, from, local);
        if (outcome == IceOutcome.Valid)
        {
            Ice.Paths.OnArrival(from, local, message.HasUseCandidate);
            Check(from, local, now, sink);
        }

        // The check may have raised the limit that delayed the handshake.
        SendDtls(sink);
        return outcome;
    }

    /// <summary>Handles a DTLS record from an address of this endpoint. Returns false if the record ended the endpoint.</summary>
    public bool HandleDtls(ReadOnlySpan<byte> datagram, TransportAddress from, long now, IDatagramSink sink)
    {
        if (State == EndpointState.Closed)
            return false;
        Ice.Paths.OnHandshake(from, datagram.Length, now);
        _dtls ??= new DtlsSession(dtls, server: true);
        _dtls.Receive(datagram);
        SendDtls(sink);
        return AdvanceDtls();
    }

    /// <summary>
    /// Takes the client's ICE credentials, and checks the selected address with them if it waits for that: the client's first check may
    /// arrive before its SDP answer.
    /// </summary>
    public void AcceptClient(IceCredential client, long now, IDatagramSink sink)
    {
        Ice.Accept(client);
        if (Ice.HasSelected)
            Check(Ice.Selected, Ice.Paths.Local, now, sink);
    }

    /// <summary>Sends a check of this node to an address, if one is due there.</summary>
    /// <param name="local">The local address from which the check leaves.</param>
    /// <param name="renews">True: the address is checked although it is validated.</param>
    public void Check(TransportAddress to, LocalAddress local, long now, IDatagramSink sink, bool renews = false)
    {
        if (Ice.WriteCheck(sink.Reserve(), to, now, renews) is > 0 and var length)
            sink.Send(length, to, local);
    }

    /// <summary>Queues a datagram for the selected address, after <see cref="TrySpend"/>.</summary>
    public void Send(int length, IDatagramSink sink) => sink.Send(length, Ice.Selected, Ice.Paths.Local);

    /// <summary>Records the source of a media packet, if the packet was authentic.</summary>
    /// <param name="bytes">The length of the datagram.</param>
    public void AfterMedia(TransportAddress from, int bytes, long now)
    {
        if (Receiver!.Opened == _opened)
            return;
        _opened = Receiver.Opened;
        Ice.Paths.OnMedia(from, bytes, now);
    }

    /// <summary>
    /// Reserves bytes for the selected address. Returns false if the address is not validated and would receive more than its share
    /// (<see cref="PathSelector"/>).
    /// </summary>
    public bool TrySpend(int bytes) => Ice.Paths.TrySpend(bytes);

    /// <summary>
    /// Sets the certificate fingerprint from the member's SDP answer. Returns false if the peer uses another certificate, which ends the
    /// endpoint.
    /// </summary>
    public bool AcceptFingerprint(CertificateFingerprint fingerprint)
    {
        if (IsRevived)
            return fingerprint.IsSameAs(_fingerprint!) || End(CloseReason.FingerprintMismatch);
        _fingerprint = fingerprint;
        if (State == EndpointState.Connected && !fingerprint.Matches(_peerCertificate))
            return End(CloseReason.FingerprintMismatch);
        return AdvanceDtls();
    }

    /// <summary>
    /// Runs the timers of the endpoint: DTLS retransmission, consent and connect timeout. Called about every 100 ms. Returns false if the
    /// endpoint ended.
    /// </summary>
    public bool Tick(long now, IDatagramSink sink)
    {
        if (State == EndpointState.Closed)
            return false;
        if (Ice.ConsentExpired(now))
            return End(CloseReason.ConsentExpired);
        Ice.Paths.Tick(now);
        if (Ice.Paths.DueCheck(now) is { } due)
            Check(due, Ice.Paths.LocalOf(due), now, sink, renews: true);
        if (State == EndpointState.Connected && (Ice.HasClient || !IsRevived))
            return true;
        if (now - createdAt > IndexLimit.ConnectTimeout)
            return End(CloseReason.NeverConnected);
        if (_dtls is null)
            return true;
        // A flight that waits for its limit needs no repetition.
        if (_dtls.Outgoing.Count == 0)
            _dtls.HandleTimeout();
        SendDtls(sink);
        return AdvanceDtls();
    }

    /// <summary>
    /// Ends the endpoint and sends close_notify, if the peer has an address. A portable endpoint sends none: another node may serve the
    /// client with the same keys, and a browser that receives close_notify sends and plays no media any more.
    /// </summary>
    public void Close(IDatagramSink sink)
    {
        if (State != EndpointState.Closed)
            End(CloseReason.Removed);
        if (Portable is not null)
            return;
        _dtls?.Close();
        SendDtls(sink);
    }

    /// <summary>Ends the endpoint because the node's code has thrown an exception while it handled the endpoint.</summary>
    public void Fail() => End(CloseReason.Failed);

    public void Dispose()
    {
        Receiver?.Dispose();
        _sender?.Dispose();
        Portable?.Dispose();
        _dtls?.Dispose();
    }

    private bool AdvanceDtls()
    {
        switch (_dtls?.State)
        {
            case DtlsState.Failed:
                return End(CloseReason.DtlsFailed);
            case DtlsState.Closed:
                return End(CloseReason.PeerClosed);
            case DtlsState.Connected when State == EndpointState.Connecting && _fingerprint is not null:
                _peerCertificate ??= _dtls.GetPeerCertificate();
                return _fingerprint.Matches(_peerCertificate) ? TakeKeys(_dtls) : End(CloseReason.FingerprintMismatch);
            default:
                return State != EndpointState.Closed;
        }
    }

    private bool TakeKeys(DtlsSession session)
    {
        var profile = (SrtpProfile)session.SrtpProfile;
        if (!Enum.IsDefined(profile))
            return End(CloseReason.DtlsFailed);
        var keys = new TransportKeys(profile);
        if (!session.TryExportKeyingMaterial(keys.Material))
            return End(CloseReason.DtlsFailed);
        TakeKeys(keys, dtls.Fingerprint, firstVersion: 1, new SrtpIndex[portableSlots]);
        _maySend = true;
        return true;
    }

    private void TakeKeys(TransportKeys keys, byte[] nodeFingerprint, ulong firstVersion, SrtpIndex[] sent)
    {
        var parts = keys.Parts;
        Receiver = new SrtpReceiver(keys.Profile, parts.ClientKey, parts.ClientSalt, aes: aes);
        _sender = new SrtpSender(keys.Profile, parts.ServerKey, parts.ServerSalt, aes);
        State = EndpointState.Connected;
        if (portableSlots > 0)
        {
            Portable = new PortableTransport(keys, _sender, Receiver, _fingerprint!, nodeFingerprint)
            {
                FirstVersion = firstVersion,
                Sent = sent,
                IsAnnounced = !IsRevived,
            };
        }
        else
        {
            keys.Dispose();
        }
    }

    private SrtpSender? StartSendingIfAllowed()
    {
        _maySend = _sender is not null && Ice.HasSelected && (!IsRevived || Portable is null || Portable.HasAcknowledgedTicket);
        return _maySend ? _sender : null;
    }

    private bool End(CloseReason reason)
    {
        State = EndpointState.Closed;
        CloseReason = reason;
        return false;
    }

    private void SendDtls(IDatagramSink sink)
    {
        if (_dtls is null || _dtls.Outgoing.Count == 0)
            return;
        if (Ice.HasSelected)
        {
            // All or nothing: the client needs the whole flight.
            if (!TrySpend(_dtls.Outgoing.Sum(static datagram => datagram.Length)))
                return;
            foreach (var datagram in _dtls.Outgoing)
            {
                datagram.CopyTo(sink.Reserve());
                Send(datagram.Length, sink);
            }
        }

        _dtls.ClearOutgoing();
    }
}
