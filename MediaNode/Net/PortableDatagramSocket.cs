using System.Net;
using System.Net.Sockets;

namespace Hype.MediaNode.Net;

/// <summary>
/// A UDP socket that sends and receives one datagram per call, for systems other than Linux: for development, not for production load.
/// </summary>
internal sealed class PortableDatagramSocket : IDatagramSocket
{
    // There is no portable way to wake a poll, so a command waits at most this long.
    private const int LongestWaitMilliseconds = 5;

    private readonly Socket _socket;
    private readonly byte[] _in = new byte[IDatagramSocket.MaxDatagram];
    private readonly byte[] _out = new byte[IDatagramSocket.MaxDatagram];
    private readonly SocketAddress _name;
    private int _length;
    private TransportAddress _source;
    private long _sendFailures;

    public PortableDatagramSocket(int port)
    {
        _socket = DatagramSockets.Bind(port, kernelBuffer: 1 << 20);
        _socket.Blocking = false;
        _name = new SocketAddress(_socket.AddressFamily);
        LocalPort = ((IPEndPoint)_socket.LocalEndPoint!).Port;
    }

    public int LocalPort { get; }

    public long SendFailures => Volatile.Read(ref _sendFailures);

    public void Wait(int timeoutMilliseconds) =>
        _socket.Poll(1000 * Math.Min(timeoutMilliseconds, LongestWaitMilliseconds), SelectMode.SelectRead);

    public void Wake()
    {
    }

    public int Receive()
    {
        try
        {
            // Available is also 0 for an empty datagram, which would then block all later ones permanently. So it is not used here.
            if (!_socket.Poll(0, SelectMode.SelectRead))
                return 0;
            _length = _socket.ReceiveFrom(_in, SocketFlags.None, _name);
            _source = TransportAddress.From((IPEndPoint)new IPEndPoint(IPAddress.Any, 0).Create(_name));
            return 1;
        }
        catch (SocketException)
        {
            // An ICMP error of an earlier send is reported here. It concerns one receiver, whose consent will expire.
            return 0;
        }
    }

    public Span<byte> Datagram(int index) => _in.AsSpan(0, _length);

    public TransportAddress Source(int index) => _source;

    public Span<byte> Reserve() => _out;

    public void Send(int length, TransportAddress to)
    {
        try
        {
            var endPoint = to.ToIPEndPoint();
            if (_socket.AddressFamily == AddressFamily.InterNetworkV6)
                endPoint.Address = endPoint.Address.MapToIPv6();
            _socket.SendTo(_out.AsSpan(0, length), endPoint);
        }
        catch (SocketException)
        {
            _sendFailures++;
        }
    }

    public void Flush()
    {
    }

    public void Dispose() => _socket.Dispose();
}
