using Hype.Gateway.Signaling.Replica;

namespace Hype.Gateway.Signaling.Socket;

/// <summary>The seat that a socket's client has in a channel.</summary>
internal sealed record Seat(ChannelReplica Replica, SessionId Session, MemberNumber Number, string Identity)
{
    public ChannelId Channel => Replica.Channel;
}
