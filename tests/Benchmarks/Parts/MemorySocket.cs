using Hype.MediaNode.Net;

namespace Hype.Benchmarks.Parts;

/// <summary>
/// A worker's socket in memory, without the kernel: incoming datagrams wait in it, and outgoing ones are discarded unless there is a
/// listener. It returns one datagram at a time, as if a single member spoke.
/// </summary>
/// <param name="capacity">The number of datagrams that can wait.</param>
internal sealed class MemorySocket(int capacity) : IDatagramSocket
{
    private readonly byte[] _arrived = new byte[capacity * IDatagramSocket.MaxDatagram];
    private readonly (int Length, TransportAddress From)[] _waiting = new (int, TransportAddress)[capacity];
    private readonly OutgoingBatch _batch = new();
    private Memory<byte> _received;
    private TransportAddress _source;
    private Memory<byte> _reserved;
    private int _first;
    private int _count;

    /// <summary>Receives the datagrams that the worker sends; null: they are discarded.</summary>
    public Action<Memory<byte>, TransportAddress>? Listener { get; set; }

    public bool HasWaiting => _count > 0;

    public int LocalPort => 40_000;

    public long SendFailures => 0;

    public void Arrive(ReadOnlySpan<byte> datagram, TransportAddress from)
    {
        Guard.Holds(_count < capacity);
        var index = (_first + _count++) % capacity;
        datagram.CopyTo(_arrived.AsSpan(index * IDatagramSocket.MaxDatagram));
        _waiting[index] = (datagram.Length, from);
    }

    public int Receive()
    {
        if (_count == 0)
            return 0;
        (var length, _source) = _waiting[_first];
        _received = _arrived.AsMemory(_first * IDatagramSocket.MaxDatagram, length);
        _first = (_first + 1) % capacity;
        _count--;
        return 1;
    }

    public Span<byte> Datagram(int index) => _received.Span;

    public TransportAddress Source(int index) => _source;

    public Span<byte> Reserve() => (_reserved = _batch.Next()).Span;

    public void Send(int length, TransportAddress to) => Listener?.Invoke(_reserved[..length], to);

    public void Wait(int timeoutMilliseconds)
    {
    }

    public void Wake()
    {
    }

    public void Flush()
    {
    }

    public void Dispose()
    {
    }
}
