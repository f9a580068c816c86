using System.Collections.Immutable;
using Hype.Grains.Abstractions.Calls;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Grains.Abstractions.Channels;

/// <summary>
/// A channel: its roster, mode, layouts, rooms, limits and moderation. The grain key is the <see cref="ChannelId"/>. The grain is the only
/// writer of this state, so its limits are exact. Methods that return a <see cref="VoiceError"/> return <see cref="VoiceError.None"/> on
/// success.
/// </summary>
/// <remarks>
/// Methods that admit a session or store a change have a cancellation token: a queued call whose caller has given up has no effect, so
/// that a caller that received <c>unavailable</c> does not find later that the call succeeded. A call that has started is completed.
/// </remarks>
[Alias("hype.IChannelGrain")]
public interface IChannelGrain : IGrainWithStringKey
{
    /// <summary>The longest time for which <see cref="ReadNews"/> waits for news.</summary>
    static readonly TimeSpan NewsTimeout = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// Admits a session, or returns the error. A second session of the same identity replaces the first
    /// (<see cref="LeaveReason.Replaced"/>).
    /// </summary>
    [Alias("Join"), ResponseTimeout(CallTimeouts.Attempt)]
    Task<JoinResult> Join(JoinRequest request, CancellationToken cancellationToken = default);

    /// <summary>Moves a session that lost its socket to another socket; media continues. An unanswered offer is sent again.</summary>
    [Alias("Resume"), ResponseTimeout(CallTimeouts.Attempt)]
    Task<JoinResult> Resume(ResumeRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Attaches a gateway that holds the sockets of these sessions. A gateway calls it when its stream of batches has a gap or the channel
    /// has a new incarnation. The count of batches starts at 1 again.
    /// </summary>
    [Alias("Attach"), ResponseTimeout(CallTimeouts.Attempt)]
    Task<ChannelSnapshot> Attach(GatewayRef gateway, SessionId[] sessions);

    /// <summary>Reports that the session's socket is gone. The session can be resumed within the resume window, then it ends.</summary>
    [Alias("Detach")]
    Task Detach(SessionId session, string gatewayId);

    [Alias("Leave"), ResponseTimeout(CallTimeouts.Attempt)]
    Task Leave(SessionId session, LeaveReason reason);

    /// <summary>Sets the member's own mute and deafen flags.</summary>
    [Alias("SetState"), ResponseTimeout(CallTimeouts.Attempt)]
    Task SetState(SessionId session, bool muted, bool deafened);

    [Alias("SetQuality")]
    Task SetQuality(SessionId session, ConnectionQuality quality);

    /// <summary>Reports that the session's connections of this layout carry audio.</summary>
    [Alias("Ready"), ResponseTimeout(CallTimeouts.Attempt)]
    Task Ready(SessionId session, LayoutEpoch epoch);

    /// <summary>Takes the client's answer to the offer of its endpoint.</summary>
    [Alias("Answer"), ResponseTimeout(CallTimeouts.Attempt)]
    Task<VoiceError> Answer(SessionId session, SfuAnswer answer);

    /// <summary>
    /// Reports that the session could not connect in this layout: to <paramref name="peer"/> in a mesh, or to its media node (peer is
    /// null).
    /// </summary>
    [Alias("ConnectionFailed"), ResponseTimeout(CallTimeouts.Attempt)]
    Task ConnectionFailed(SessionId session, LayoutEpoch epoch, MemberNumber? peer);

    [Alias("GetSnapshot"), ResponseTimeout(CallTimeouts.Attempt)]
    Task<ChannelSnapshot> GetSnapshot();

    /// <summary>Stores new settings, then applies them.</summary>
    [Alias("UpdateSettings")]
    Task<VoiceError> UpdateSettings(ChannelSettings settings, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stores that the channel exists with these settings, with or without members. <see cref="VoiceError.ChannelExists"/> if it was
    /// created before.
    /// </summary>
    [Alias("Create")]
    Task<VoiceError> Create(ChannelSettings settings, CancellationToken cancellationToken = default);

    /// <summary>Ends all sessions (<see cref="LeaveReason.ChannelClosed"/>).</summary>
    /// <param name="forget">Also removes the stored creation, settings and bans.</param>
    [Alias("Close")]
    Task<VoiceError> Close(bool forget, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lets another channel admit a member, notifies its client, and ends its session here (<see cref="LeaveReason.Moved"/>). The member
    /// keeps identity, name, grants and mutes. It is refused like a join there; <see cref="VoiceError.Unavailable"/> while the member is
    /// away.
    /// </summary>
    [Alias("Move")]
    Task<VoiceError> Move(MemberNumber number, ChannelId to);

    /// <summary>Replaces the grants of a member until it joins again.</summary>
    [Alias("SetGrants")]
    Task<VoiceError> SetGrants(MemberNumber number, Grants grants);

    [Alias("SetAttributes")]
    Task<VoiceError> SetAttributes(MemberNumber number, ImmutableSortedDictionary<string, string> attributes);

    /// <summary>Returns the news after a number; if there are none yet, it waits for them (<see cref="NewsTimeout"/>).</summary>
    /// <param name="after">The newest number that the watcher has; null for a new watcher, which starts with a snapshot.</param>
    [Alias("ReadNews"), ResponseTimeout(CallTimeouts.Attempt)]
    Task<ChannelReading> ReadNews(long? after);

    /// <summary>Explains the channel's mode, rooms and links.</summary>
    [Alias("Explain"), ResponseTimeout(CallTimeouts.Attempt)]
    Task<ChannelExplanation> Explain();

    /// <summary>Opens a new layout: the other mode for a switch, the same mode for a move. The mode rule may reverse it later.</summary>
    [Alias("RequestLayout")]
    Task<VoiceError> RequestLayout(ChannelMode mode, ModeReason reason);

    [Alias("SetServerMute"), ResponseTimeout(CallTimeouts.Attempt)]
    Task<VoiceError> SetServerMute(MemberNumber number, bool muted);

    [Alias("Kick")]
    Task<VoiceError> Kick(MemberNumber number);

    /// <summary>Stores the ban, then ends the identity's session if it has one.</summary>
    [Alias("SetBan")]
    Task<VoiceError> SetBan(Ban ban, CancellationToken cancellationToken = default);

    [Alias("LiftBan")]
    Task<VoiceError> LiftBan(string identity, CancellationToken cancellationToken = default);

    [Alias("GetBans"), ResponseTimeout(CallTimeouts.Attempt)]
    Task<Ban[]> GetBans();

    /// <summary>Takes the events of a node that holds a room of this channel.</summary>
    [Alias("NodeReported")]
    Task NodeReported(MediaNodeId node, RoomEvent[] events);

    /// <summary>Reports that the node's lease ended: its rooms are gone.</summary>
    /// <param name="node">The node.</param>
    /// <param name="lastHeartbeat">
    /// The time of the last message on its stream. An answered probe does not count: a node that receives no acknowledgement of its
    /// tickets may have used indices beyond them.
    /// </param>
    /// <param name="ackedSince">The start of the period without a gap of more than 5 s: an older ticket is void.</param>
    [Alias("NodeLost")]
    Task NodeLost(MediaNodeId node, DateTimeOffset lastHeartbeat, DateTimeOffset ackedSince);

    /// <summary>
    /// Reports that the node is draining: rooms on it move to other nodes, member by member, without a gap in the audio.
    /// </summary>
    [Alias("NodeDraining")]
    Task NodeDraining(MediaNodeId node);

    /// <summary>
    /// Activates the channel: it sends the webhook events that an earlier activation left, and ends sessions that do not return.
    /// </summary>
    [Alias("EnsureActive")]
    Task EnsureActive();

    /// <summary>Takes the rooms of this channel that a registered node holds; the channel closes those that it does not use.</summary>
    [Alias("RoomsFound")]
    Task RoomsFound(MediaNodeId node, RoomEpoch[] epochs);
}
