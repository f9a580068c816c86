using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using static Hype.MediaNode.Net.LinuxSockets;

namespace Hype.MediaNode.Net;

/// <summary>
/// A UDP socket that sends and receives by <c>recvmmsg</c> and <c>sendmmsg</c>: one system call for many datagrams, because system calls
/// use most of a media node's CPU time.
/// </summary>
internal sealed unsafe class LinuxDatagramSocket : IDatagramSocket
{
    private const int ReceiveBatch = 64;
    private const int SendBatch = 128;

    // A burst of joins or a pause of the garbage collector must not overflow the kernel's queue: 4 MiB is about 2 s of 2,000 packets/s.
    private const int KernelBuffer = 4 << 20;

    private readonly Socket _socket;
    private readonly bool _ipv6;
    private readonly int _fd;
    private readonly int _wakeFd;
    private readonly LocalAddresses? _locals;
    private readonly MessageBatch _in;
    private readonly MessageBatch _out;
    private int _received;
    private int _handled;
    private int _queued;
    private long _sendFailures;
    private bool _disposed;

    /// <param name="severalAddresses">The host has several addresses: datagrams leave from the address that the client uses.</param>
    public LinuxDatagramSocket(int port, bool severalAddresses)
    {
        _socket = DatagramSockets.Bind(port, KernelBuffer);
        _ipv6 = _socket.AddressFamily == AddressFamily.InterNetworkV6;
        _locals = severalAddresses ? new LocalAddresses() : null;
        _in = new MessageBatch(ReceiveBatch, _ipv6, withLocalAddresses: severalAddresses);
        _out = new MessageBatch(SendBatch, _ipv6, withLocalAddresses: severalAddresses);
        if (severalAddresses)
            _socket.SetRawSocketOption(_ipv6 ? IpProtoIpv6 : IpProtoIp, _ipv6 ? Ipv6RecvPktInfo : IpPktInfo, BitConverter.GetBytes(1));
        _fd = (int)_socket.Handle;
        _wakeFd = EventFd(0, EfdNonBlock);
        if (_wakeFd < 0)
            throw new SocketException(Marshal.GetLastPInvokeError());
        LocalPort = ((IPEndPoint)_socket.LocalEndPoint!).Port;
    }

    public int LocalPort { get; }

    public long SendFailures => Volatile.Read(ref _sendFailures);

    public LocalAddress Arrival => _locals is not null && _in.GetLocal(_handled) is { } local ? _locals.NumberOf(local) : default;

    public void Wait(int timeoutMilliseconds)
    {
        var fds = stackalloc PollFd[2];
        fds[0] = new PollFd { Fd = _fd, Events = PollIn };
        fds[1] = new PollFd { Fd = _wakeFd, Events = PollIn };
        if (Poll(fds, 2, timeoutMilliseconds) > 0 && fds[1].Revents != 0)
        {
            ulong drained;
            Read(_wakeFd, &drained, sizeof(ulong));
        }
    }

    public void Wake()
    {
        ulong one = 1;
        Write(_wakeFd, &one, sizeof(ulong));
    }

    public int Receive()
    {
        for (var i = 0; i < _received; i++)
            _in.Reset(i);
        _received = Math.Max(0, RecvMMsg(_fd, _in.Messages, ReceiveBatch, MsgDontWait, null));
        return _received;
    }

    public Span<byte> Datagram(int index)
    {
        _handled = index;
        return _in.Received(index);
    }

    public TransportAddress Source(int index) => _in.GetAddress(index);

    public Span<byte> Reserve()
    {
        if (_queued == SendBatch)
            Flush();
        return _out.Buffer(_queued);
    }

    public void Send(int length, TransportAddress to) => Send(length, to, from: default);

    public void Send(int length, TransportAddress to, LocalAddress from)
    {
        if (!_ipv6 && !to.IsIPv4)
        {
            _sendFailures++;
            return;
        }

        _out.SetLength(_queued, length);
        _out.SetAddress(_queued, to);
        if (_locals is not null)
            _out.SetLocal(_queued, _locals[from]);
        _queued++;
    }

    public void Flush()
    {
        var sent = 0;
        while (sent < _queued)
        {
            var count = SendMMsg(_fd, _out.Messages + sent, (uint)(_queued - sent), MsgDontWait);
            if (count > 0)
            {
                sent += count;
                continue;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == Eintr)
                continue;
            // A full kernel queue loses the rest of the batch, as a full network would. Any other error concerns one receiver (no route,
            // refused), and the others must not lose their packets.
            var lost = error is Eagain or Enobufs ? _queued - sent : 1;
            _sendFailures += lost;
            sent += lost;
        }

        _queued = 0;
    }

    public void Dispose()
    {
        // A container may dispose of this twice, and native memory is freed once.
        if (_disposed)
            return;
        _disposed = true;
        _socket.Dispose();
        Close(_wakeFd);
        _in.Dispose();
        _out.Dispose();
    }
}
