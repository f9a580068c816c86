using System.Net;
using System.Net.Sockets;
using Hype.MediaNode.Net;

namespace Hype.MediaClient;

/// <summary>The UDP socket of one peer. It sends each datagram at once and not in batches.</summary>
internal sealed class PeerSocket : IDatagramSink, IDisposable
{
    private const int SolSocket = 1;
    private const int SoTimestampNs = 35;
    private const int KernelBuffer = 1 << 20;

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[IDatagramSocket.MaxDatagram];
    private TransportAddress _to;
    private SocketAddress? _toAddress;

    /// <param name="stamps">
    /// Request arrival times from the kernel: it then timestamps all datagrams of the machine, about 30 ns each.
    /// </param>
    public PeerSocket(IPAddress bindTo, bool stamps)
    {
        _socket = new Socket(bindTo.AddressFamily, SocketType.Dgram, ProtocolType.Udp)
        {
            Blocking = false,
            ReceiveBufferSize = KernelBuffer,
        };
        if (stamps)
            _socket.SetRawSocketOption(SolSocket, SoTimestampNs, [1, 0, 0, 0]);
        _socket.Bind(new IPEndPoint(bindTo, 0));
        Fd = (int)_socket.Handle;
        Address = TransportAddress.From((IPEndPoint)_socket.LocalEndPoint!);
    }

    public int Fd { get; }

    public TransportAddress Address { get; }

    /// <summary>The number of outgoing datagrams that the kernel rejected.</summary>
    public int SendFailures { get; private set; }

    public Span<byte> Reserve() => _buffer;

    public void Send(int length, TransportAddress to)
    {
        if (_toAddress is null || to != _to)
            (_to, _toAddress) = (to, to.ToIPEndPoint().Serialize());
        try
        {
            _socket.SendTo(_buffer.AsSpan(0, length), SocketFlags.None, _toAddress);
        }
        catch (SocketException)
        {
            // Lost, as on a network without capacity or route; the statistics count it as loss.
            SendFailures++;
        }
    }

    public void Dispose() => _socket.Dispose();
}
