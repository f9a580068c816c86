using Hype.Gateway.Signaling.Messages;
using Hype.Grains.Abstractions.Channels;

namespace Hype.Gateway.Signaling.Replica;

/// <summary>The operations of a client's socket that a channel's replica uses. They return at once.</summary>
internal interface ISignalingSocket
{
    /// <summary>The reason for which this gateway closes the socket; null while the socket is open, or when the peer closed it.</summary>
    SocketCloseReason? Closing { get; }

    /// <summary>Queues one message; if the queue is full, closes the socket as <see cref="SocketCloseReason.Slow"/>.</summary>
    void Send(ReadOnlyMemory<byte> frame);

    /// <summary>Continues the session in another channel, which has already assigned it <paramref name="seat"/>.</summary>
    void Transfer(ChannelId channel, JoinResult seat);

    /// <summary>
    /// Sends the queued messages and <c>bye</c>, and then closes the socket. After the first call, further calls have no effect.
    /// </summary>
    void Close(SocketCloseReason reason);
}
