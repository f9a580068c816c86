using Hype.MediaClient;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Stun;

namespace Hype.Benchmarks.Parts;

/// <summary>
/// A client in the room of a <see cref="Lobby"/>, which reaches the worker through the worker's <see cref="MemorySocket"/>.
/// </summary>
internal sealed class Member : IVoiceListener, IDatagramSink, IDisposable
{
    private readonly MemorySocket _socket;
    private readonly byte[] _datagram = new byte[IDatagramSocket.MaxDatagram];
    private readonly byte[] _payload = Voice.NewPayload();
    private readonly VoicePeer _peer;
    private ushort _sequence;

    public Member(uint number, IceCredentials own, IceCredentials node, DtlsContext dtls, MemorySocket socket)
    {
        _socket = socket;
        Number = number;
        Address = TransportAddress.FromIPv4([10, 0, (byte)(number >> 8), (byte)number], 50_000);
        _peer = new VoicePeer(own, node, number, dtls, sink: this, listener: this);
    }

    public uint Number { get; }

    public TransportAddress Address { get; }

    public bool IsConnected => _peer.State == PeerState.Connected;

    /// <summary>The number of authentic RTP packets that the client has received.</summary>
    public int Heard { get; private set; }

    /// <summary>Sends the due ICE checks: the first one, and those that renew consent.</summary>
    public void Tick(long now) => _peer.Tick(now);

    public void Receive(Memory<byte> datagram, long now) => _peer.Receive(datagram.Span, default, now);

    /// <summary>Sends 20 ms of encrypted audio, which waits in the socket for the worker.</summary>
    public void Say(byte minusDbov)
    {
        Span<byte> header = stackalloc byte[SpokenFrame.HeaderLength];
        Voice.WriteHeader(header, ++_sequence, Number, minusDbov);
        Guard.Holds(_peer.SendRtp(header, _payload));
    }

    public void Dispose() => _peer.Dispose();

    Span<byte> IDatagramSink.Reserve() => _datagram;

    void IDatagramSink.Send(int length, TransportAddress to)
    {
        var datagram = _datagram.AsSpan(0, length);
        if (StunMessage.TryParse(datagram, out var message) && message.Class == StunClass.SuccessResponse)
            _socket.Answer(datagram, Address);
        else
            _socket.Arrive(datagram, Address);
    }

    void IVoiceListener.OnFrame(VoicePeer peer, in RtpHeader header, ReadOnlySpan<byte> packet, long arrivedAt) => Heard++;

    void IVoiceListener.OnReport(VoicePeer peer, ReadOnlySpan<byte> compound, long arrivedAt)
    {
    }
}
