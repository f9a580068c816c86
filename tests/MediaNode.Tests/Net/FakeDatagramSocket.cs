using Hype.MediaNode.Net;

namespace Hype.MediaNode.Tests.Net;

/// <summary>A socket in memory: the test queues incoming datagrams, and outgoing ones go to <see cref="Deliver"/> at once.</summary>
internal sealed class FakeDatagramSocket : IDatagramSocket
{
    private const int Batch = 64;

    private readonly Queue<(byte[] Datagram, TransportAddress From, LocalAddress Arrival)> _waiting = new(4096);
    private readonly byte[] _in = new byte[Batch * IDatagramSocket.MaxDatagram];
    private readonly byte[] _out = new byte[IDatagramSocket.MaxDatagram];
    private readonly int[] _lengths = new int[Batch];
    private readonly TransportAddress[] _sources = new TransportAddress[Batch];
    private readonly LocalAddress[] _arrivals = new LocalAddress[Batch];
    private int _handled;

    /// <summary>The action that receives each outgoing datagram; the span is valid during the call.</summary>
    public Action<ReadOnlySpan<byte>, TransportAddress> Deliver { get; set; } = static (_, _) => { };

    public bool HasWaiting => _waiting.Count > 0;

    /// <summary>The local address of the last outgoing datagram.</summary>
    public LocalAddress LastLocal { get; private set; }

    public LocalAddress Arrival => _arrivals[_handled];

    public long DatagramsSent { get; private set; }

    public long BytesSent { get; private set; }

    public int LocalPort => 40_000;

    public long SendFailures => 0;

    /// <summary>Queues an incoming datagram; the node works on a copy.</summary>
    /// <param name="arrival">The local address at which it arrives.</param>
    public void Arrive(byte[] datagram, TransportAddress from, LocalAddress arrival = default) =>
        _waiting.Enqueue((datagram, from, arrival));

    /// <summary>The action that runs in place of the worker's sleep.</summary>
    public Action Waited { get; set; } = static () => { };

    public void Wait(int timeoutMilliseconds) => Waited();

    public void Wake()
    {
    }

    public int Receive()
    {
        var count = 0;
        while (count < Batch && _waiting.TryDequeue(out var next))
        {
            next.Datagram.CopyTo(_in, count * IDatagramSocket.MaxDatagram);
            (_lengths[count], _sources[count], _arrivals[count]) = (next.Datagram.Length, next.From, next.Arrival);
            count++;
        }

        return count;
    }

    public Span<byte> Datagram(int index)
    {
        _handled = index;
        return _in.AsSpan(index * IDatagramSocket.MaxDatagram, _lengths[index]);
    }

    public TransportAddress Source(int index) => _sources[index];

    public Span<byte> Reserve() => _out;

    public void Send(int length, TransportAddress to) => Send(length, to, from: default);

    public void Send(int length, TransportAddress to, LocalAddress from)
    {
        LastLocal = from;
        DatagramsSent++;
        BytesSent += length;
        Deliver(_out.AsSpan(0, length), to);
    }

    public void Flush()
    {
    }

    public void Dispose()
    {
    }
}
