namespace Hype.MediaNode.Net;

/// <summary>A sink for datagrams, which are written in place and then queued.</summary>
internal interface IDatagramSink
{
    /// <summary>
    /// Returns space for the next datagram, <see cref="IDatagramSocket.MaxDatagram"/> bytes; <see cref="Send"/> queues it.
    /// </summary>
    Span<byte> Reserve();

    void Send(int length, TransportAddress to);
}
