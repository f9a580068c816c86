using System.Security.Cryptography;
using Hype.MediaNode.Ciphers;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Net;
using Hype.MediaNode.Srtp;
using Hype.MediaNode.Stun;

namespace Hype.MediaNode.Transport;

internal enum EndpointState
{
    /// <summary>Waiting for a check, the handshake or the fingerprint.</summary>
    Connecting,

    /// <summary>The fingerprint was compared: media counts.</summary>
    Connected,
    Closed,
}

internal enum CloseReason
{
    ConsentExpired,
    DtlsFailed,
    FingerprintMismatch,
    PeerClosed,
    NeverConnected,

    /// <summary>The control plane asked for it.</summary>
    Removed,
}

/// <summary>
/// The transport of one participant: ICE-lite, DTLS and SRTP. Datagrams and the time come in as parameters, datagrams go
/// out through the sink; it owns no socket, thread or clock.
/// </summary>
internal sealed class Endpoint(IceLite ice, DtlsContext dtls, AesEngine aes, long createdAt) : IDisposable
{
    /// <summary>An endpoint that nobody connects to is given up after this time. Microseconds.</summary>
    public const long ConnectTimeout = 30_000_000;

    private DtlsSession? _dtls;
    private CertificateFingerprint? _fingerprint;
    private byte[]? _peerCertificate;

    public IceLite Ice { get; } = ice;

    public EndpointState State { get; private set; }

    public CloseReason CloseReason { get; private set; }

    /// <summary>There from <see cref="EndpointState.Connected"/> on.</summary>
    public SrtpReceiver? Receiver { get; private set; }

    /// <inheritdoc cref="Receiver"/>
    public SrtpSender? Sender { get; private set; }

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
        if (State == EndpointState.Connected)
            return true;
        if (now - createdAt > ConnectTimeout)
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
        Sender?.Dispose();
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

    private bool TakeKeys(DtlsSession dtls)
    {
        var profile = (SrtpProfile)dtls.SrtpProfile;
        if (!Enum.IsDefined(profile))
            return End(CloseReason.DtlsFailed);
        var material = new byte[SrtpProfileParameters.Of(profile).KeyingMaterialLength];
        if (!dtls.TryExportKeyingMaterial(material))
            return End(CloseReason.DtlsFailed);
        var keys = new DtlsSrtpKeys(profile, material);
        Receiver = new SrtpReceiver(profile, keys.ClientKey, keys.ClientSalt, aes: aes);
        Sender = new SrtpSender(profile, keys.ServerKey, keys.ServerSalt, aes);
        CryptographicOperations.ZeroMemory(material);
        State = EndpointState.Connected;
        return true;
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
