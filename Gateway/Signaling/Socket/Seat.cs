using Hype.Gateway.Signaling.Replica;

namespace Hype.Gateway.Signaling.Socket;

/// <summary>
/// The place of a socket's client in a channel: the channel's replica, and the client's session, member number and identity.
/// </summary>
/// <param name="Since">The first layout that the client is part of.</param>
internal sealed record Seat(ChannelReplica Replica, SessionId Session, MemberNumber Number, string Identity, LayoutEpoch Since)
{
    public ChannelId Channel => Replica.Channel;
}
