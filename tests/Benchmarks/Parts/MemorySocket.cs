using Hype.MediaNode.Net;

namespace Hype.Benchmarks.Parts;

/// <summary>
/// A worker's socket in memory, without the kernel: incoming datagrams wait in it, and outgoing ones are discarded unless there is a
/// listener. It returns one waiting datagram at a time, as if a single member spoke, after all answers to the worker's own checks.
/// </summary>
/// <param name="capacity">The number of datagrams that can wait.</param>
/// <param name="answers">The number of answers that can wait.</param>
internal sealed class MemorySocket(int capacity, int answers) : IDatagramSocket
{
    private readonly byte[] _arrived = new byte[capacity * IDatagramSocket.MaxDatagram];
    private readonly (int Length, TransportAddress From)[] _waiting = new (int, TransportAddress)[capacity];
    private readonly OutgoingBatch _batch = new();
    // Answers arrive while earlier ones are handled.
    private (byte[] Datagram, int Length, TransportAddress From)[] _answers = NewAnswers(answers);
    private (byte[] Datagram, int Length, TransportAddress From)[] _handled = NewAnswers(answers);
    private Memory<byte> _received;
    private TransportAddress _source;
    private int _answerCount;
    private int _handledCount;
    private Memory<byte> _reserved;
    private int _first;
    private int _count;

    /// <summary>Receives the datagrams that the worker sends; null: they are discarded.</summary>
    public Action<Memory<byte>, TransportAddress>? Listener { get; set; }

    public bool HasWaiting => _count + _answerCount > 0;

    public int LocalPort => 40_000;

    public long SendFailures => 0;

    public void Arrive(ReadOnlySpan<byte> datagram, TransportAddress from)
    {
        Guard.Holds(_count < capacity);
        var index = (_first + _count++) % capacity;
        datagram.CopyTo(_arrived.AsSpan(index * IDatagramSocket.MaxDatagram));
        _waiting[index] = (datagram.Length, from);
    }

    /// <summary>Adds an answer, which the worker receives in its next turn.</summary>
    public void Answer(ReadOnlySpan<byte> datagram, TransportAddress from)
    {
        Guard.Holds(_answerCount < answers);
        ref var answer = ref _answers[_answerCount++];
        datagram.CopyTo(answer.Datagram);
        (answer.Length, answer.From) = (datagram.Length, from);
    }

    public int Receive()
    {
        (_answers, _handled) = (_handled, _answers);
        (_answerCount, _handledCount) = (0, _answerCount);
        if (_count == 0)
            return _handledCount;
        (var length, _source) = _waiting[_first];
        _received = _arrived.AsMemory(_first * IDatagramSocket.MaxDatagram, length);
        _first = (_first + 1) % capacity;
        _count--;
        return _handledCount + 1;
    }

    public Span<byte> Datagram(int index) =>
        index < _handledCount ? _handled[index].Datagram.AsSpan(0, _handled[index].Length) : _received.Span;

    public TransportAddress Source(int index) => index < _handledCount ? _handled[index].From : _source;

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

    private static (byte[] Datagram, int Length, TransportAddress From)[] NewAnswers(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (new byte[IDatagramSocket.MaxDatagram], 0, default(TransportAddress)))];
}
