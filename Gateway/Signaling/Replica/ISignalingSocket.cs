using Hype.Gateway.Signaling.Messages;
using Hype.Grains.Abstractions.Channels;

namespace Hype.Gateway.Signaling.Replica;

/// <summary>A client's socket, as the replica of its channel uses it. The methods return at once.</summary>
internal interface ISignalingSocket
{
    /// <summary>The reason for which this socket closes; null while it does not, or when the peer closed it.</summary>
    SocketCloseReason? Closing { get; }

    /// <summary>Queues one message, or closes the socket as <see cref="SocketCloseReason.Slow"/> when its queue is full.</summary>
    void Send(ReadOnlyMemory<byte> frame);

    /// <summary>Continues the session in another channel, where it has this seat already.</summary>
    void Transfer(ChannelId channel, JoinResult seat);

    /// <summary>Sends the queued messages, then <c>bye</c>, then closes. Only the first reason counts.</summary>
    void Close(SocketCloseReason reason);
}
