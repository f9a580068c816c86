using System.Runtime.InteropServices;
using static Hype.MediaNode.Dtls.OpenSsl;

namespace Hype.MediaNode.Dtls;

internal enum DtlsState
{
    Handshaking,
    Connected,

    /// <summary>The handshake failed and cannot succeed any more.</summary>
    Failed,

    /// <summary>The peer sent close_notify.</summary>
    Closed,
}

/// <summary>
/// One DTLS 1.2 association (RFC 6347) for DTLS-SRTP (RFC 5764): it produces keys and carries no data. It has neither socket nor thread.
/// The owner calls <see cref="Receive"/> for each datagram and <see cref="HandleTimeout"/> as time passes, and sends the datagrams of
/// <see cref="Outgoing"/>. OpenSSL reassembles a ClientHello that arrives in several datagrams, in any order.
/// </summary>
internal sealed unsafe class DtlsSession : IDisposable
{
    // 1,200 bytes fit every path of WebRTC (RFC 8831 §5 argues for the same number), inside a VPN too.
    private const int Mtu = 1200;

    // OpenSSL waits 1 s before it repeats a flight, which users notice as a slow join. RTTs are mostly below 200 ms.
    private const uint FirstRetransmitMicroseconds = 250_000;
    private const uint LongestRetransmitMicroseconds = 4_000_000;

    // RFC 5246 §6.2.1: change_cipher_spec 20, alert 21, handshake 22; application_data 23 is never sent here.
    private const byte LastContentTypeOfInterest = 22;

    private static ReadOnlySpan<byte> ExporterLabel => "EXTRACTOR-dtls_srtp"u8;

    private nint _ssl;
    private readonly DatagramBio _bio = new();

    public DtlsSession(DtlsContext context, bool server)
    {
        _ssl = SSL_new(context.Handle);
        if (_ssl == 0)
            throw new InvalidOperationException($"OpenSSL made no session: {LastError()}");
        SSL_set_bio(_ssl, _bio.Handle, _bio.Handle);
        SSL_ctrl(_ssl, CtrlSetMtu, Mtu, null);
        DTLS_set_timer_cb(_ssl, &NextRetransmit);
        if (server)
            SSL_set_accept_state(_ssl);
        else
            SSL_set_connect_state(_ssl);
    }

    public DtlsState State { get; private set; }

    /// <summary>The datagrams that the caller must send now, in order; it then calls <see cref="ClearOutgoing"/>.</summary>
    public IReadOnlyList<byte[]> Outgoing => _bio.Outgoing;

    public void ClearOutgoing() => _bio.ClearOutgoing();

    /// <summary>
    /// Produces the first flight (ClientHello) of a DTLS client. Has no effect for a DTLS server, which waits for the client.
    /// </summary>
    public void Start() => Handshake();

    public void Receive(ReadOnlySpan<byte> datagram)
    {
        if (State is DtlsState.Failed or DtlsState.Closed)
            return;
        fixed (byte* data = datagram)
        {
            _bio.SetIncoming(data, datagram.Length);
            if (State == DtlsState.Handshaking)
                Handshake();
            else
                ReadAlerts(datagram);
            _bio.ClearIncoming();
        }
    }

    /// <summary>
    /// Produces the last flight of the handshake again if its retransmission is due. Must be called at least every 100 ms during the
    /// handshake.
    /// </summary>
    public void HandleTimeout()
    {
        if (State != DtlsState.Handshaking)
            return;
        ERR_clear_error();
        if (SSL_ctrl(_ssl, CtrlDtlsHandleTimeout, 0, null) < 0)
            State = DtlsState.Failed;
    }

    /// <summary>Produces a close_notify alert, by which the peer learns at once that the association has ended.</summary>
    public void Close()
    {
        if (State == DtlsState.Connected && TakeBuffers())
            SSL_shutdown(_ssl);
        State = DtlsState.Closed;
    }

    /// <summary>The negotiated SRTP profile (IANA number); 0 if the peer offered no profile that this node supports.</summary>
    public ushort SrtpProfile
    {
        get
        {
            var profile = SSL_get_selected_srtp_profile(_ssl);
            return profile == null ? (ushort)0 : (ushort)profile->Id;
        }
    }

    /// <summary>Exports the SRTP keying material into <paramref name="material"/>, in the layout of RFC 5764 §4.2.</summary>
    public bool TryExportKeyingMaterial(Span<byte> material)
    {
        fixed (byte* output = material)
        fixed (byte* label = ExporterLabel)
            return SSL_export_keying_material(_ssl, output, (nuint)material.Length, label, (nuint)ExporterLabel.Length, null, 0, 0) == 1;
    }

    /// <summary>Returns the peer's certificate, DER; empty before the handshake is complete.</summary>
    public byte[] GetPeerCertificate()
    {
        var certificate = SSL_get1_peer_certificate(_ssl);
        if (certificate == 0)
            return [];
        try
        {
            var der = new byte[i2d_X509(certificate, null)];
            fixed (byte* start = der)
            {
                var cursor = start;
                i2d_X509(certificate, &cursor);
            }

            return der;
        }
        finally
        {
            X509_free(certificate);
        }
    }

    public void Dispose()
    {
        if (_ssl == 0)
            return;
        SSL_free(_ssl);
        _ssl = 0;
        _bio.Dispose();
    }

    private void Handshake()
    {
        ERR_clear_error();
        var result = SSL_do_handshake(_ssl);
        if (result == 1)
        {
            State = DtlsState.Connected;
            SSL_free_buffers(_ssl);
        }
        else if (SSL_get_error(_ssl, result) is not (ErrorWantRead or ErrorWantWrite))
            State = DtlsState.Failed;
    }

    // After the handshake only alerts matter, and a client's repeated last flight, which OpenSSL answers by itself.
    private void ReadAlerts(ReadOnlySpan<byte> datagram)
    {
        if (datagram.IsEmpty || datagram[0] > LastContentTypeOfInterest || !TakeBuffers())
            return;
        var ignored = stackalloc byte[256];
        int result;
        do
            result = SSL_read(_ssl, ignored, 256);
        while (result > 0)
            ;
        if (SSL_get_error(_ssl, result) == ErrorZeroReturn || (SSL_get_shutdown(_ssl) & ReceivedShutdown) != 0)
            State = DtlsState.Closed;
        SSL_free_buffers(_ssl);
    }

    // OpenSSL allocates two record buffers of 16 KiB per session, but a connected session receives one or two records in its lifetime.
    // The buffers are freed between records, which nearly halves an endpoint's memory.
    private bool TakeBuffers()
    {
        ERR_clear_error();
        return SSL_alloc_buffers(_ssl) == 1;
    }

    [UnmanagedCallersOnly]
    private static uint NextRetransmit(nint ssl, uint previous) =>
        previous == 0 ? FirstRetransmitMicroseconds : Math.Min(previous * 2, LongestRetransmitMicroseconds);
}
