namespace Hype.MediaNode.Net;

/// <summary>Where datagrams go: written in place, then queued.</summary>
internal interface IDatagramSink
{
    /// <summary>Space for the next datagram, <see cref="IDatagramSocket.MaxDatagram"/> bytes; <see cref="Send"/> queues it.</summary>
    Span<byte> Reserve();

    void Send(int length, TransportAddress to);
}
