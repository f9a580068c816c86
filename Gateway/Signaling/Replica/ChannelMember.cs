namespace Hype.Gateway.Signaling.Replica;

/// <summary>
/// A session whose socket is at this gateway, with the newest roster version and layout epochs that the socket has received.
/// </summary>
internal sealed class ChannelMember(SessionId session, MemberNumber number, ISignalingSocket socket, OfferedTransport transport)
{
    public SessionId Session => session;

    public MemberNumber Number => number;

    public ISignalingSocket Socket => socket;

    public OfferedTransport Transport => transport;

    /// <summary>The newest roster version that the socket has received.</summary>
    public long RosterVersion { get; set; }

    /// <summary>The newest epoch for which the socket has received <c>mode</c> or <c>welcome</c>.</summary>
    public LayoutEpoch OpenedEpoch { get; set; }

    /// <summary>The newest epoch for which the socket has received <c>commit</c> or <c>welcome</c>.</summary>
    public LayoutEpoch CommittedEpoch { get; set; }
}
