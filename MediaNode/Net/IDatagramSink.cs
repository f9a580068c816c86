namespace Hype.MediaNode.Net;

/// <summary>A sink for outgoing datagrams: the caller writes a datagram directly into the sink's buffer and then queues it.</summary>
internal interface IDatagramSink
{
    /// <summary>
    /// Returns the buffer for the next datagram, <see cref="IDatagramSocket.MaxDatagram"/> bytes; <see cref="Send"/> queues the datagram.
    /// </summary>
    Span<byte> Reserve();

    void Send(int length, TransportAddress to);
}
