using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Signaling.Replica;

/// <summary>A session of a channel whose socket this gateway holds, and how far that socket has been told.</summary>
internal sealed class ChannelMember(SessionId session, uint number, ISignalingSocket socket, MemberTransport transport)
{
    public SessionId Session => session;

    public uint Number => number;

    public ISignalingSocket Socket => socket;

    public MemberTransport Transport => transport;

    /// <summary>The roster version that the socket has. Events up to it are behind it.</summary>
    public long RosterVersion { get; set; }

    /// <summary>The newest epoch of which the socket has had <c>mode</c> (or <c>welcome</c>).</summary>
    public int OpenedEpoch { get; set; }

    /// <summary>The newest epoch of which the socket has had <c>commit</c> (or <c>welcome</c>).</summary>
    public int CommittedEpoch { get; set; }
}
