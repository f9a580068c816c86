using Hype.MediaNode.Dtls;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Srtp;

namespace Hype.MediaClient;

/// <summary>
/// The DTLS association of a client and its SRTP in both directions, without ICE, socket, thread or clock. It sends nothing by itself:
/// <see cref="VoicePeer"/> calls it by timers, and a test of the node calls it step by step.
/// </summary>
/// <param name="servesDtls">True: the other side starts DTLS.</param>
/// <param name="send">Sends one DTLS datagram.</param>
internal sealed class PeerTransport(DtlsContext dtls, bool servesDtls, Action<byte[]> send) : IDisposable
{
    // A slot of the node is an SSRC: at most 32 per room, and rooms may follow one another.
    private const int MaxSsrcs = 256;

    private bool _hasNoKeys;

    public DtlsSession Dtls { get; } = new(dtls, servesDtls);

    /// <summary>The SRTP sender, which encrypts packets for the other side; null before the handshake is complete.</summary>
    public SrtpSender? Sender { get; private set; }

    /// <summary>The SRTP receiver, which decrypts packets of the other side; null before the handshake is complete.</summary>
    public SrtpReceiver? Receiver { get; private set; }

    public bool IsConnected => Sender is not null;

    /// <summary>True if the DTLS handshake failed, or either side sent close_notify.</summary>
    public bool HasEnded => _hasNoKeys || Dtls.State is DtlsState.Failed or DtlsState.Closed;

    /// <summary>The negotiated SRTP profile; available after the handshake.</summary>
    public SrtpProfile Profile => (SrtpProfile)Dtls.SrtpProfile;

    /// <summary>Starts the handshake: a client sends its ClientHello, a server waits for one.</summary>
    public void Start()
    {
        Dtls.Start();
        Flush();
    }

    /// <summary>Sends the last flight of the handshake again if OpenSSL's retransmission timer has expired.</summary>
    public void Retransmit()
    {
        Dtls.HandleTimeout();
        Flush();
    }

    /// <summary>Handles a DTLS datagram of the other side, sends the answers, and derives the keys after the handshake.</summary>
    public void Receive(ReadOnlySpan<byte> datagram)
    {
        Dtls.Receive(datagram);
        Flush();
        if (Dtls.State == DtlsState.Connected && !IsConnected)
            DeriveKeys();
    }

    /// <summary>Ends the association and sends close_notify to the other side.</summary>
    public void Close()
    {
        Dtls.Close();
        Flush();
    }

    /// <summary>Decrypts a media packet in place. Returns false if the packet is not authentic, or before there are keys.</summary>
    /// <param name="length">The length of header and payload, without the tag.</param>
    public bool TryReadRtp(Span<byte> packet, out RtpHeader header, out int length)
    {
        length = 0;
        return RtpHeader.TryParse(packet, out header) && Receiver is not null
            && Receiver.TryUnprotect(packet, header, out length) == SrtpResult.Ok;
    }

    /// <summary>Decrypts an RTCP compound in place. Returns false if the compound is not authentic, or before there are keys.</summary>
    public bool TryReadRtcp(Span<byte> packet, out int length)
    {
        length = 0;
        return Receiver is not null && Receiver.TryUnprotectRtcp(packet, out length) == SrtpResult.Ok;
    }

    public void Dispose()
    {
        Sender?.Dispose();
        Receiver?.Dispose();
        Dtls.Dispose();
    }

    private void Flush()
    {
        foreach (var datagram in Dtls.Outgoing)
            send(datagram);
        Dtls.ClearOutgoing();
    }

    private void DeriveKeys()
    {
        var material = new byte[SrtpProfileParameters.Of(Profile).KeyingMaterialLength];
        if (!Dtls.TryExportKeyingMaterial(material))
        {
            _hasNoKeys = true;
            return;
        }

        var keys = new DtlsSrtpKeys(Profile, material);
        Sender = servesDtls
            ? new SrtpSender(Profile, keys.ServerKey, keys.ServerSalt)
            : new SrtpSender(Profile, keys.ClientKey, keys.ClientSalt);
        Receiver = servesDtls
            ? new SrtpReceiver(Profile, keys.ClientKey, keys.ClientSalt, MaxSsrcs)
            : new SrtpReceiver(Profile, keys.ServerKey, keys.ServerSalt, MaxSsrcs);
    }
}
