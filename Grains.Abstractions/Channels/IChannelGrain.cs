using System.Collections.Immutable;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Grains.Abstractions.Channels;

/// <summary>
/// One channel, key = <see cref="ChannelId"/>: the roster, the mode and epoch, the rooms, limits and moderation.
/// The single writer: what it admits is exact, whichever gateways people come through.
/// Methods that return an <see cref="VoiceError"/> return <see cref="VoiceError.None"/> when they did what was asked.
/// </summary>
/// <remarks>
/// What takes a seat or stores something has a cancellation token: a call that waited in line until its caller gave up does nothing any
/// more, so that who was told <c>unavailable</c> does not find later that it happened after all. What has begun is finished.
/// </remarks>
[Alias("hype.IChannelGrain")]
public interface IChannelGrain : IGrainWithStringKey
{
    /// <summary>
    /// How long one attempt at what people wait for may take, here and at the grains that a channel or a node waits for. These may be made
    /// again when no answer came (the silo died with the call): done twice, they are as if done once; a second join of an identity
    /// replaces the first.
    /// </summary>
    const string Attempt = "00:00:02";

    /// <summary>How long <see cref="ReadNews"/> waits for something to happen.</summary>
    static readonly TimeSpan NewsPatience = TimeSpan.FromSeconds(1.5);

    /// <summary>Admits, or says why not. A second session of the same identity replaces the first (<see cref="LeaveReason.Replaced"/>).</summary>
    [Alias("Join"), ResponseTimeout(Attempt)]
    Task<JoinResult> Join(JoinRequest request, CancellationToken cancellationToken = default);

    /// <summary>Gives a session that lost its socket to another socket; media is not touched. An SFU offer not yet answered is sent again.</summary>
    [Alias("Resume"), ResponseTimeout(Attempt)]
    Task<JoinResult> Resume(ResumeRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// The gateway holds sockets of these sessions and listens from now on. Called when its stream of batches broke or
    /// the channel has a new incarnation. Starts a new count of batches at 1.
    /// </summary>
    [Alias("Attach"), ResponseTimeout(Attempt)]
    Task<ChannelSnapshot> Attach(GatewayRef gateway, SessionId[] sessions);

    /// <summary>The session's socket is gone; it may be resumed within the resume window, then it leaves.</summary>
    [Alias("Detach")]
    Task Detach(SessionId session, string gatewayId);

    [Alias("Leave"), ResponseTimeout(Attempt)]
    Task Leave(SessionId session, LeaveReason reason);

    /// <summary>The participant's own mute and deaf flags.</summary>
    [Alias("SetState"), ResponseTimeout(Attempt)]
    Task SetState(SessionId session, bool muted, bool deafened);

    [Alias("SetQuality")]
    Task SetQuality(SessionId session, ConnectionQuality quality);

    /// <summary>The session's transport of this epoch is connected and carries audio.</summary>
    [Alias("Ready"), ResponseTimeout(Attempt)]
    Task Ready(SessionId session, LayoutEpoch epoch);

    /// <summary>The client's side of its SFU transport.</summary>
    [Alias("Answer"), ResponseTimeout(Attempt)]
    Task<VoiceError> Answer(SessionId session, SfuAnswer answer);

    /// <summary>The session could not connect in this epoch: to <paramref name="peer"/> in a mesh, to the node otherwise (peer null).</summary>
    [Alias("ConnectionFailed"), ResponseTimeout(Attempt)]
    Task ConnectionFailed(SessionId session, LayoutEpoch epoch, MemberNumber? peer);

    [Alias("GetSnapshot"), ResponseTimeout(Attempt)]
    Task<ChannelSnapshot> GetSnapshot();

    /// <summary>Stores new settings, then acts on them.</summary>
    [Alias("UpdateSettings")]
    Task<VoiceError> UpdateSettings(ChannelSettings settings, CancellationToken cancellationToken = default);

    /// <summary>Stores that it exists with these settings, members or not. <see cref="VoiceError.ChannelExists"/> when it was created before.</summary>
    [Alias("Create")]
    Task<VoiceError> Create(ChannelSettings settings, CancellationToken cancellationToken = default);

    /// <summary>Ends everyone's session (<see cref="LeaveReason.ChannelClosed"/>).</summary>
    /// <param name="forget">And forget, stored, that it was created, its settings and its bans.</param>
    [Alias("Close")]
    Task<VoiceError> Close(bool forget, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives a participant a seat in another channel and tells its client to go on there; here it leaves (<see cref="LeaveReason.Moved"/>).
    /// It keeps identity, name, grants and mutes. Refused as a join there would be; <see cref="VoiceError.Unavailable"/> while its socket is away.
    /// </summary>
    [Alias("Move")]
    Task<VoiceError> Move(MemberNumber number, ChannelId to);

    /// <summary>What the participant may from now on, until it joins anew.</summary>
    [Alias("SetGrants")]
    Task<VoiceError> SetGrants(MemberNumber number, Grants grants);

    [Alias("SetAttributes")]
    Task<VoiceError> SetAttributes(MemberNumber number, ImmutableSortedDictionary<string, string> attributes);

    /// <summary>What happened after a number, waiting a moment (<see cref="NewsPatience"/>) when that is nothing yet.</summary>
    /// <param name="after">The newest that the watcher has; null: it begins, with a snapshot.</param>
    [Alias("ReadNews"), ResponseTimeout(Attempt)]
    Task<ChannelReading> ReadNews(long? after);

    /// <summary>Why it is as it is.</summary>
    [Alias("Explain"), ResponseTimeout(Attempt)]
    Task<ChannelExplanation> Explain();

    /// <summary>Opens a new layout now: the other mode for a switch, the same mode for a move. The mode rule may take it back later.</summary>
    [Alias("RequestLayout")]
    Task<VoiceError> RequestLayout(ChannelMode mode, ModeReason reason);

    [Alias("SetServerMute"), ResponseTimeout(Attempt)]
    Task<VoiceError> SetServerMute(MemberNumber number, bool muted);

    [Alias("Kick")]
    Task<VoiceError> Kick(MemberNumber number);

    /// <summary>Stores the ban, then ends the identity's session if it has one.</summary>
    [Alias("SetBan")]
    Task<VoiceError> SetBan(Ban ban, CancellationToken cancellationToken = default);

    [Alias("LiftBan")]
    Task<VoiceError> LiftBan(string identity, CancellationToken cancellationToken = default);

    [Alias("GetBans"), ResponseTimeout(Attempt)]
    Task<Ban[]> GetBans();

    /// <summary>What the node that carries a room of this channel saw.</summary>
    [Alias("NodeReported")]
    Task NodeReported(MediaNodeId node, RoomEvent[] events);

    /// <summary>The node's lease ended: its rooms are gone.</summary>
    /// <param name="node">Which one.</param>
    /// <param name="lastHeard">
    /// When it last said something on its stream. A probe that it answered does not count: a node that cannot hear that its tickets
    /// were kept may have gone on beyond them.
    /// </param>
    /// <param name="heardSince">Since when it said something at least every 5 s: a ticket from before is void.</param>
    [Alias("NodeLost")]
    Task NodeLost(MediaNodeId node, DateTimeOffset lastHeard, DateTimeOffset heardSince);

    /// <summary>The node is to be empty: rooms on it move to another, member by member, unheard.</summary>
    [Alias("NodeDraining")]
    Task NodeDraining(MediaNodeId node);

    /// <summary>Nothing but that it lives: it tells what an earlier life left untold, and who does not come back has left.</summary>
    [Alias("LookAfter")]
    Task LookAfter();

    /// <summary>A node that registered carries rooms of these epochs; those that are not the channel's any more are closed.</summary>
    [Alias("RoomsFound")]
    Task RoomsFound(MediaNodeId node, RoomEpoch[] epochs);
}
