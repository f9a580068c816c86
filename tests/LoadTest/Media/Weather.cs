using Hype.MediaClient;
using Hype.MediaNode.Net;

namespace Hype.LoadTest.Media;

/// <summary>
/// Simulates a bad network: in both directions it loses each datagram with the same probability, and delays the others by 0 to
/// <paramref name="jitter"/>, uniformly distributed. A later datagram can therefore arrive earlier, as on real paths.
/// </summary>
/// <param name="loss">The probability of loss, 0–1.</param>
internal sealed class Weather(double loss, TimeSpan jitter, int seed)
{
    private readonly long _jitter = (long)jitter.TotalMicroseconds;
    private int _paths;

    public IPeerPath NewPath() =>
        new BadPath(loss, _jitter, new Random(unchecked((seed * 1_000_003) + Interlocked.Increment(ref _paths))));

    private sealed class BadPath(double loss, long jitter, Random random) : IPeerPath, IDatagramSink
    {
        private readonly byte[] _reserved = new byte[IDatagramSocket.MaxDatagram];
        private readonly PriorityQueue<Datagram, (long Due, long Order)> _out = new();
        private readonly PriorityQueue<Datagram, (long Due, long Order)> _in = new();
        private IDatagramSink? _socket;
        private long _order;

        public IDatagramSink Over(IDatagramSink socket)
        {
            _socket = socket;
            return this;
        }

        public Span<byte> Reserve() => _reserved;

        public void Send(int length, TransportAddress to) => Delay(_out, _reserved.AsSpan(0, length), to, PeerDriver.Now);

        public void Receive(VoicePeer peer, Span<byte> datagram, TransportAddress from, long now) => Delay(_in, datagram, from, now);

        public void Turn(VoicePeer peer, long now)
        {
            while (_out.TryPeek(out var datagram, out _) && datagram.Due <= now)
            {
                _out.Dequeue();
                datagram.Bytes.CopyTo(_socket!.Reserve());
                _socket.Send(datagram.Bytes.Length, datagram.Address);
            }

            while (_in.TryPeek(out var datagram, out _) && datagram.Due <= now)
            {
                _in.Dequeue();
                // The arrival time by the clock of this path: a late poll of this thread is not the network's delay.
                peer.Receive(datagram.Bytes, datagram.Address, datagram.Due);
            }
        }

        private void Delay(
            PriorityQueue<Datagram, (long Due, long Order)> queue, ReadOnlySpan<byte> bytes, TransportAddress address, long now)
        {
            if (random.NextDouble() < loss)
                return;
            var due = now + (jitter == 0 ? 0 : random.NextInt64(jitter + 1));
            // If two datagrams are due in the same microsecond, the first sent arrives first: the queue alone does not preserve the order.
            queue.Enqueue(new Datagram(bytes.ToArray(), address, due), (due, _order++));
        }

        private readonly record struct Datagram(byte[] Bytes, TransportAddress Address, long Due);
    }
}
