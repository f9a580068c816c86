namespace Hype.MediaNode.Net;

/// <summary>
/// One UDP socket in batches, owned by one thread (only <see cref="Wake"/> may be called from elsewhere).
/// Received datagrams stay valid until the next <see cref="Receive"/>.
/// </summary>
internal interface IDatagramSocket : IDatagramSink, IDisposable
{
    /// <summary>Room for one datagram, in bytes. A larger one is cut by the kernel and then fails its parser.</summary>
    const int MaxDatagram = 2048;

    int LocalPort { get; }

    /// <summary>Datagrams that the kernel would not take (full buffer, no route), since the start.</summary>
    long SendFailures { get; }

    /// <summary>Sleeps until a datagram is there, someone called <see cref="Wake"/>, or the time is over.</summary>
    void Wait(int timeoutMilliseconds);

    void Wake();

    /// <summary>Takes what is there, without waiting; 0 when there is nothing.</summary>
    int Receive();

    Span<byte> Datagram(int index);

    TransportAddress Source(int index);

    /// <summary>Gives what is queued to the kernel. A full batch flushes by itself.</summary>
    void Flush();
}
