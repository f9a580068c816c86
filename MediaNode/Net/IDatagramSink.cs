namespace Hype.MediaNode.Net;

/// <summary>A sink for outgoing datagrams: the caller writes a datagram directly into the sink's buffer and then queues it.</summary>
internal interface IDatagramSink
{
    /// <summary>
    /// Returns the buffer for the next datagram, <see cref="IDatagramSocket.MaxDatagram"/> bytes; <see cref="Send"/> queues the datagram.
    /// </summary>
    Span<byte> Reserve();

    void Send(int length, TransportAddress to);

    /// <summary>
    /// Makes datagrams to the source of the datagram that is being handled leave from the local address at which it arrived. Only for an
    /// authenticated datagram: a forged one must not change the path. Without effect on a host with one address.
    /// </summary>
    void AnswerFromArrival()
    {
    }
}
