namespace Hype.MediaNode.Net;

/// <summary>A sink for outgoing datagrams: the caller writes a datagram directly into the sink's buffer and then queues it.</summary>
internal interface IDatagramSink
{
    /// <summary>
    /// The local address at which the datagram that is being handled arrived; default: not known, or the host has one address.
    /// </summary>
    LocalAddress Arrival => default;

    /// <summary>
    /// Returns the buffer for the next datagram, <see cref="IDatagramSocket.MaxDatagram"/> bytes; a call of
    /// <see cref="Send(int, TransportAddress)"/> queues the datagram.
    /// </summary>
    Span<byte> Reserve();

    /// <summary>Queues the datagram, which leaves from the local address that the kernel selects.</summary>
    void Send(int length, TransportAddress to);

    /// <summary>Queues the datagram, which leaves from a local address.</summary>
    void Send(int length, TransportAddress to, LocalAddress from) => Send(length, to);
}
