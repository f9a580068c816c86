using System.Collections.Immutable;
using Hype.Grains.Abstractions.Calls;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Orleans.CodeGeneration;

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
[Alias("hype.IChannelGrain"), Version(1)]
public interface IChannelGrain : IGrainWithStringKey
{
    /// <summary>The longest time for which <see cref="ReadNews"/> waits for a change of the channel.</summary>
    static readonly TimeSpan NewsTimeout = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// Admits a session, or returns the reason for the refusal. A second session of the same identity replaces the first
    /// (<see cref="LeaveReason.Replaced"/>). A second attempt of the same join (<see cref="JoinRequest.Session"/>) returns the seat of
    /// the first. A repeated attempt that is older than the present session of the identity is refused as
    /// <see cref="VoiceError.Unavailable"/>.
    /// </summary>
    [Alias("Join"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task<JoinResult> Join(JoinRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Continues a session on another socket after its old one was lost; its media is not interrupted. The channel sends an unanswered SDP
    /// offer again.
    /// </summary>
    [Alias("Resume"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task<JoinResult> Resume(ResumeRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Subscribes a gateway to the events of the channel, and lists the sessions whose sockets the gateway holds. A gateway calls it when
    /// a batch of events is missing or the channel has a new incarnation. The number of the next batch is 1 again.
    /// </summary>
    [Alias("Attach"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task<ChannelSnapshot> Attach(GatewayRef gateway, SessionId[] sessions);

    /// <summary>
    /// Reports that the socket of a session is lost. The session ends unless its client resumes it within the resume window.
    /// </summary>
    [Alias("Detach"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task Detach(SessionId session, string gatewayId);

    /// <summary>
    /// Reports that a gateway holds no socket of this channel's sessions any longer: its lease with the channel's silo is lost, or it does
    /// not know the channel. Its sessions end unless their clients resume them within the resume window. A repeated attempt that is older
    /// than the gateway's last <see cref="Attach"/> changes nothing.
    /// </summary>
    [Alias("GatewayLost"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task GatewayLost(string gatewayId);

    /// <summary>Ends a session, or cancels its join.</summary>
    [Alias("Leave"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task Leave(SessionId session, LeaveReason reason);

    /// <summary>Sets the mute and deafen flags that the member chose.</summary>
    [Alias("SetState"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task SetState(SessionId session, bool muted, bool deafened);

    [Alias("SetQuality"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task SetQuality(SessionId session, ConnectionQuality quality);

    /// <summary>Reports that a client's connections of this layout carry audio.</summary>
    [Alias("Ready"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task Ready(SessionId session, LayoutEpoch epoch);

    /// <summary>Takes the client's SDP answer to the offer for its endpoint.</summary>
    [Alias("Answer"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task<VoiceError> Answer(SessionId session, SfuAnswer answer);

    /// <summary>
    /// Reports that a client could not connect in this layout: to the member <paramref name="peer"/> of a mesh, or to its media node if
    /// <paramref name="peer"/> is null.
    /// </summary>
    [Alias("ConnectionFailed"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task ConnectionFailed(SessionId session, LayoutEpoch epoch, MemberNumber? peer);

    /// <summary>Returns whether a session is in the channel, connected or away.</summary>
    [Alias("HasSession"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task<bool> HasSession(SessionId session);

    [Alias("GetSnapshot"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task<ChannelSnapshot> GetSnapshot();

    /// <summary>Stores new settings, then applies them.</summary>
    [Alias("UpdateSettings"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task<VoiceError> UpdateSettings(ChannelSettings settings, CancellationToken cancellationToken = default);

    /// <summary>
    /// Creates the channel by name and stores its settings; from then on it exists even without members. Returns
    /// <see cref="VoiceError.ChannelExists"/> if it was created before.
    /// </summary>
    [Alias("Create")]
    Task<VoiceError> Create(ChannelSettings settings, CancellationToken cancellationToken = default);

    /// <summary>Closes the channel: ends all its sessions (<see cref="LeaveReason.ChannelClosed"/>).</summary>
    /// <param name="forget">
    /// Also removes the stored creation, settings, bans and restrictions. The sessions end also if that cannot be stored.
    /// </param>
    [Alias("Close")]
    Task<VoiceError> Close(bool forget, CancellationToken cancellationToken = default);

    /// <summary>
    /// Moves a member to another channel: that channel admits the member, the client is notified, and the session in this channel ends
    /// (<see cref="LeaveReason.Moved"/>). The member keeps its identity, name, grants and mutes. Returns the error of the other channel if
    /// that channel refuses the member, and <see cref="VoiceError.Unavailable"/> while the member is away.
    /// </summary>
    [Alias("Move")]
    Task<VoiceError> Move(MemberNumber number, ChannelId to);

    /// <summary>
    /// Replaces the grants of a member. A grant that this takes away stays denied to its identity (<see cref="Restriction"/>); a grant
    /// beyond its token ends with the session.
    /// </summary>
    [Alias("SetGrants"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task<ModerationResult> SetGrants(MemberNumber number, Grants grants);

    [Alias("SetAttributes"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task<VoiceError> SetAttributes(MemberNumber number, ImmutableSortedDictionary<string, string> attributes);

    /// <summary>
    /// Returns the changes of the channel after a number. If there are none yet, the call waits for one, at most for
    /// <see cref="NewsTimeout"/>.
    /// </summary>
    /// <param name="after">The newest number that the watcher has; null for a new watcher, which starts with a snapshot.</param>
    [Alias("ReadNews"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task<ChannelReading> ReadNews(long? after);

    /// <summary>Returns the reasons for the channel's mode, rooms and links, for operators.</summary>
    [Alias("Explain"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task<ChannelExplanation> Explain();

    /// <summary>
    /// Opens a new layout: in the other mode to switch the channel, or in the same mode to move it to other media nodes. The mode rule may
    /// reverse the change later.
    /// </summary>
    [Alias("RequestLayout")]
    Task<VoiceError> RequestLayout(ChannelMode mode, ModeReason reason);

    /// <summary>Mutes or unmutes the identity of a member (<see cref="Restriction"/>).</summary>
    [Alias("SetServerMute"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task<ModerationResult> SetServerMute(MemberNumber number, bool muted);

    [Alias("Kick"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task<ModerationResult> Kick(MemberNumber number);

    /// <summary>
    /// Bans an identity, and ends its session, if there is one. Returns <see cref="VoiceError.TooManyBans"/> if the channel has as many
    /// bans as it can hold.
    /// </summary>
    [Alias("SetBan"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task<ModerationResult> SetBan(Ban ban, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lifts a ban. Returns <see cref="VoiceError.UnknownBan"/> if the identity is not banned; a repeated attempt succeeds, because an
    /// earlier one may have lifted the ban.
    /// </summary>
    [Alias("LiftBan"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task<ModerationResult> LiftBan(string identity, CancellationToken cancellationToken = default);

    [Alias("GetBans"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task<Ban[]> GetBans();

    /// <summary>
    /// Ends the server mute of an identity, also while it is not in the channel; a member gets back the denied grants that its token has.
    /// Returns <see cref="VoiceError.UnknownRestriction"/> if the identity is not restricted; a repeated attempt succeeds.
    /// </summary>
    [Alias("LiftRestriction"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task<ModerationResult> LiftRestriction(string identity, CancellationToken cancellationToken = default);

    /// <summary>Returns the restricted identities, also those that are not in the channel.</summary>
    [Alias("GetRestrictions"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task<RestrictedIdentity[]> GetRestrictions();

    /// <summary>Processes the events that a media node reports about the rooms of this channel.</summary>
    [Alias("NodeReported"), Idempotent]
    Task NodeReported(MediaNodeId node, RoomEvent[] events);

    /// <summary>Reports that the lease of a media node ended, so the rooms on it are lost.</summary>
    /// <param name="node">The node.</param>
    /// <param name="silentFor">
    /// The time since the last message on its stream. An answered probe does not count: a node that receives no acknowledgement of its
    /// tickets may have used indices beyond them.
    /// </param>
    /// <param name="ackedFor">The length of the period until now without a gap of more than 5 s: an older ticket is void.</param>
    [Alias("NodeLost"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task NodeLost(MediaNodeId node, TimeSpan silentFor, TimeSpan ackedFor);

    /// <summary>
    /// Reports that a media node is draining: the channel moves its rooms to other nodes, member by member, without a gap in the audio.
    /// </summary>
    [Alias("NodeDraining"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task NodeDraining(MediaNodeId node);

    /// <summary>
    /// Activates the channel, so that it sends the webhook events that its previous activation did not send, and ends the sessions whose
    /// clients do not resume.
    /// </summary>
    [Alias("EnsureActive"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task EnsureActive();

    /// <summary>
    /// Compares the rooms of this channel that a newly registered media node holds with the rooms that the channel uses, and closes the
    /// unused ones.
    /// </summary>
    [Alias("RoomsFound"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task RoomsFound(MediaNodeId node, RoomEpoch[] epochs);
}
