namespace Hype.MediaNode.Net;

/// <summary>
/// One UDP socket that works in batches and is owned by one thread (only <see cref="Wake"/> may be called from other threads).
/// Received datagrams stay valid until the next <see cref="Receive"/>.
/// </summary>
internal interface IDatagramSocket : IDatagramSink, IDisposable
{
    /// <summary>The size of a datagram buffer, in bytes. The kernel truncates a longer datagram, whose parser then rejects it.</summary>
    const int MaxDatagram = 2048;

    int LocalPort { get; }

    /// <summary>The number of datagrams that the kernel rejected (full buffer, no route) since the start.</summary>
    long SendFailures { get; }

    /// <summary>Blocks until a datagram arrives, <see cref="Wake"/> is called, or the timeout expires.</summary>
    void Wait(int timeoutMilliseconds);

    void Wake();

    /// <summary>Receives the available datagrams without waiting and returns their number.</summary>
    int Receive();

    /// <summary>Returns a received datagram, which is the one that is being handled until the next call.</summary>
    Span<byte> Datagram(int index);

    TransportAddress Source(int index);

    /// <summary>Passes the queued datagrams to the kernel. A full batch is flushed automatically.</summary>
    void Flush();
}
