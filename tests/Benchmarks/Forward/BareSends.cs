using System.Net;
using System.Net.Sockets;
using Hype.MediaClient;
using Hype.MediaNode.Net;
using static Hype.MediaNode.Net.LinuxSockets;

namespace Hype.Benchmarks.Forward;

/// <summary>
/// The reference for the cost of the packet path: a loop that does nothing but <c>sendmmsg</c>. It sends datagrams of the same size as the
/// node's to the same number of addresses; one batch corresponds to one packet that the node receives. The receivers are real sockets,
/// which count every datagram.
/// </summary>
internal sealed unsafe class BareSends : IDisposable
{
    private const int KernelBuffer = 4 << 20;

    private readonly Socket _socket;
    private readonly Socket[] _receivers;
    private readonly MessageBatch _batch;
    private readonly byte[] _drain = new byte[2048];

    public BareSends(int addresses, int size, AddressFamily family)
    {
        _receivers = [.. Enumerable.Range(0, addresses).Select(_ => NewReceiver())];
        _socket = family == AddressFamily.InterNetworkV6 ? DatagramSockets.Bind(0, KernelBuffer)
            : new Socket(family, SocketType.Dgram, ProtocolType.Udp);
        _batch = new MessageBatch(addresses, family == AddressFamily.InterNetworkV6, withLocalAddresses: false);
        for (var i = 0; i < addresses; i++)
        {
            Random.Shared.NextBytes(_batch.Buffer(i)[..size]);
            _batch.SetLength(i, size);
            _batch.SetAddress(i, TransportAddress.From((IPEndPoint)_receivers[i].LocalEndPoint!));
        }
    }

    /// <summary>Sends for about the given time and returns the µs of CPU per datagram.</summary>
    /// <exception cref="InvalidOperationException">A datagram was lost: a dropped datagram costs less than one that arrives.</exception>
    public double Measure(TimeSpan window)
    {
        var sent = 0L;
        var received = 0L;
        var cpu = 0.0;
        var ended = false;
        var sender = new Thread(() =>
        {
            var clock = CpuClock.OfThisThread();
            var fd = (int)_socket.Handle;
            var end = Environment.TickCount64 + (long)window.TotalMilliseconds;
            var before = clock.Microseconds;
            while (Environment.TickCount64 < end)
            {
                for (var batch = 0; batch < 10; batch++)
                    sent += SendAll(fd);
            }

            cpu = clock.Microseconds - before;
            Volatile.Write(ref ended, true);
        });
        sender.Start();
        // The readers poll once per millisecond, like the rig's: the sender never pays for waking them.
        while (!Volatile.Read(ref ended))
        {
            received += Drain();
            Thread.Sleep(1);
        }

        sender.Join();
        received += Drain();
        return sent == received ? cpu / sent : throw new InvalidOperationException(
            $"Of {sent} bare datagrams {received} arrived: the receivers' buffers are too small for this machine.");
    }

    /// <summary>Returns the median of five measurements, each a fifth of the window long, after a warm-up of the same length.</summary>
    public double MeasureMedian(TimeSpan window)
    {
        Measure(window / 5);
        return Enumerable.Range(0, 5).Select(_ => Measure(window / 5)).Order().ElementAt(2);
    }

    public void Dispose()
    {
        _socket.Dispose();
        foreach (var receiver in _receivers)
            receiver.Dispose();
        _batch.Dispose();
    }

    private static Socket NewReceiver()
    {
        var receiver = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
        {
            Blocking = false,
            ReceiveBufferSize = KernelBuffer,
        };
        receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return receiver;
    }

    private int SendAll(int fd)
    {
        var sent = 0;
        while (sent < _batch.Capacity)
        {
            var count = SendMMsg(fd, _batch.Messages + sent, (uint)(_batch.Capacity - sent), 0);
            if (count <= 0)
                throw new SocketException(System.Runtime.InteropServices.Marshal.GetLastPInvokeError());
            sent += count;
        }

        return sent;
    }

    private long Drain()
    {
        var received = 0L;
        foreach (var receiver in _receivers)
        {
            for (; receiver.Available > 0; received++)
                receiver.Receive(_drain);
        }

        return received;
    }
}
