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
    /// <summary>Waiting for a check, the handshake or the fingerprint.</summary>
    Connecting,

    /// <summary>The fingerprint was compared: media counts.</summary>
    Connected,
    Closed,
}

/// <summary>
/// The transport of one participant: ICE-lite, DTLS and SRTP. Datagrams and the time come in as parameters, datagrams go
/// out through the sink; it owns no socket, thread or clock.
/// </summary>
/// <param name="portableSlots">Of a portable endpoint the number of slots: the keys are kept, so that <see cref="Workers.TicketIssuer"/> can hand them out. 0: they stay here.</param>
internal sealed class Endpoint(IceLite ice, DtlsContext dtls, AesEngine aes, long createdAt, int portableSlots = 0) : IDisposable
{
    private DtlsSession? _dtls;
    private CertificateFingerprint? _fingerprint;
    private byte[]? _peerCertificate;
    private SrtpSender? _sender;
    private bool _maySend;

    /// <summary>
    /// A transport that was connected at another node: connected here at once, under the same keys and without a handshake. It starts
    /// at the ticket's bounds, and counts all as received that the ticket names.
    /// </summary>
    public static Endpoint Revive(TransportTicket ticket, DtlsContext dtls, AesEngine aes, long now, bool portable)
    {
        var ice = new IceLite(ticket.Ice);
        if (ticket.NextIce is { } next)
            ice.Restart(next);
        var endpoint = new Endpoint(ice, dtls, aes, now, portable ? ticket.Slots.Length : 0) { IsRevived = true, _fingerprint = ticket.PeerFingerprint };
        endpoint.TakeKeys(ticket.Keys.Copy(), ticket.NodeFingerprint, ticket.Version + TransportTicket.Generation, [.. ticket.Slots.Select(slot => slot.Sent)]);
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

    /// <summary>The handshake was another node's: there is no association to read or write DTLS with.</summary>
    public bool IsRevived { get; private init; }

    /// <summary>A handshake was begun, however it went.</summary>
    public bool HasHandshake => _dtls is not null;

    public EndpointState State { get; private set; }

    /// <summary>In the worker's microseconds.</summary>
    public long CreatedAt => createdAt;

    public CloseReason CloseReason { get; private set; }

    /// <summary>There from <see cref="EndpointState.Connected"/> on.</summary>
    public SrtpReceiver? Receiver { get; private set; }

    /// <summary>
    /// As <see cref="Receiver"/>; for a revived endpoint only when its client has come, and when no other node can begin at the same
    /// indices any more (<see cref="IndexLimit"/>).
    /// </summary>
    public SrtpSender? Sender => _maySend ? _sender : WhenItMaySend();

    /// <summary>Null: not connected, or its keys stay on this node.</summary>
    public PortableTransport? Portable { get; private set; }

    /// <summary>Answers a check, if it deserves an answer.</summary>
    public IceOutcome HandleStun(in StunMessage message, TransportAddress from, long now, IDatagramSink sink)
    {
        var outcome = Ice.Handle(message, from, now, sink.Reserve(), out var length);
        if (length > 0)
            sink.Send(length, from);
        return outcome;
    }

    /// <summary>A DTLS record from an address of this endpoint. False when it brought the endpoint to its end.</summary>
    public bool HandleDtls(ReadOnlySpan<byte> datagram, IDatagramSink sink)
    {
        if (State == EndpointState.Closed)
            return false;
        _dtls ??= new DtlsSession(dtls, server: true);
        _dtls.Receive(datagram);
        SendDtls(sink);
        return AdvanceDtls();
    }

    /// <summary>The fingerprint that the participant's answer named. False when the peer is another.</summary>
    public bool AcceptFingerprint(CertificateFingerprint fingerprint)
    {
        if (IsRevived)
            return fingerprint.IsSameAs(_fingerprint!) || End(CloseReason.FingerprintMismatch);
        _fingerprint = fingerprint;
        if (State == EndpointState.Connected && !fingerprint.Matches(_peerCertificate))
            return End(CloseReason.FingerprintMismatch);
        return AdvanceDtls();
    }

    /// <summary>Retransmissions, consent and the connect timeout; called about every 100 ms. False when the endpoint ended.</summary>
    public bool Tick(long now, IDatagramSink sink)
    {
        if (State == EndpointState.Closed)
            return false;
        if (Ice.ConsentExpired(now))
            return End(CloseReason.ConsentExpired);
        if (State == EndpointState.Connected && (Ice.HasSelected || !IsRevived))
            return true;
        if (now - createdAt > IndexLimit.ConnectTimeout)
            return End(CloseReason.NeverConnected);
        if (_dtls is null)
            return true;
        _dtls.HandleTimeout();
        SendDtls(sink);
        return AdvanceDtls();
    }

    /// <summary>Says goodbye, if there is someone to say it to.</summary>
    public void Close(IDatagramSink sink)
    {
        if (State != EndpointState.Closed)
            End(CloseReason.Removed);
        _dtls?.Close();
        SendDtls(sink);
    }

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
        TakeKeys(keys, dtls.Fingerprint, firstVersion: 1, new long[portableSlots]);
        _maySend = true;
        return true;
    }

    private void TakeKeys(TransportKeys keys, byte[] nodeFingerprint, ulong firstVersion, long[] sent)
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

    private SrtpSender? WhenItMaySend()
    {
        _maySend = _sender is not null && Ice.HasSelected && (!IsRevived || Portable is null || Portable.IsKept);
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
            foreach (var datagram in _dtls.Outgoing)
            {
                datagram.CopyTo(sink.Reserve());
                sink.Send(datagram.Length, Ice.Selected);
            }
        }
        _dtls.ClearOutgoing();
    }
}
