using Hype.MediaNode.Net;

namespace Hype.MediaNode.Tests.Net;

/// <summary>A socket in memory: the test queues incoming datagrams, and outgoing ones go to <see cref="Deliver"/> at once.</summary>
internal sealed class FakeDatagramSocket : IDatagramSocket
{
    private const int Batch = 64;

    private readonly Queue<(byte[] Datagram, TransportAddress From)> _waiting = new(4096);
    private readonly byte[] _in = new byte[Batch * IDatagramSocket.MaxDatagram];
    private readonly byte[] _out = new byte[IDatagramSocket.MaxDatagram];
    private readonly int[] _lengths = new int[Batch];
    private readonly TransportAddress[] _sources = new TransportAddress[Batch];
    private int _handled;

    /// <summary>The action that receives each outgoing datagram; the span is valid during the call.</summary>
    public Action<ReadOnlySpan<byte>, TransportAddress> Deliver { get; set; } = static (_, _) => { };

    public bool HasWaiting => _waiting.Count > 0;

    /// <summary>The sources whose datagrams may change the local address of their answers, in order.</summary>
    public List<TransportAddress> AnsweredFromArrival { get; } = [];

    public long DatagramsSent { get; private set; }

    public long BytesSent { get; private set; }

    public int LocalPort => 40_000;

    public long SendFailures => 0;

    /// <summary>Queues an incoming datagram; the node works on a copy.</summary>
    public void Arrive(byte[] datagram, TransportAddress from) => _waiting.Enqueue((datagram, from));

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
            (_lengths[count], _sources[count]) = (next.Datagram.Length, next.From);
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

    public void Send(int length, TransportAddress to)
    {
        DatagramsSent++;
        BytesSent += length;
        Deliver(_out.AsSpan(0, length), to);
    }

    public void AnswerFromArrival() => AnsweredFromArrival.Add(_sources[_handled]);

    public void Flush()
    {
    }

    public void Dispose()
    {
    }
}
