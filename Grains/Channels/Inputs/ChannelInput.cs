using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Grains.Channels.Inputs;

/// <summary>
/// An event that a channel reacts to. <see cref="ChannelMachine.Step"/> takes it together with the current time, and returns the effects.
/// </summary>
internal abstract record ChannelInput;

// Members and their sockets

/// <summary>Admits a member; a session of the same identity in this channel ends.</summary>
internal sealed record Join(Admission Admission) : ChannelInput;

/// <summary>
/// Continues a session on a new socket at a gateway, if the resume token is the session's newest one or the one that was used last.
/// </summary>
/// <param name="NextTokenHash">The hash of the token that becomes the newest one.</param>
internal sealed record Resume(SessionId Session, byte[] TokenHash, byte[] NextTokenHash, string GatewayId) : ChannelInput;

/// <summary>
/// A gateway lists all sessions whose sockets it holds. The channel reports listed sessions that have ended back to the gateway. Members
/// of this gateway that are not listed have lost their sockets and are away. (A member that is still joining may be missing from the
/// list; the next attach corrects it.)
/// </summary>
internal sealed record Attach(string GatewayId, ImmutableArray<SessionId> Sessions) : ChannelInput;

/// <summary>The socket of a session is lost.</summary>
/// <param name="Age">The time since the first attempt of the call: a client that returned since then has another socket.</param>
internal sealed record Detach(SessionId Session, string GatewayId, TimeSpan Age = default) : ChannelInput;

/// <summary>A gateway failed, and all its sockets are lost.</summary>
/// <param name="Age">
/// The time since the first attempt of the call: a gateway that attached since then is alive, and a client that returned since then has
/// another socket.
/// </param>
internal sealed record GatewayLost(string GatewayId, TimeSpan Age = default) : ChannelInput;

/// <summary>Ends a session for the given reason.</summary>
internal sealed record Leave(SessionId Session, LeaveReason Reason) : ChannelInput;

/// <summary>Ends a session that moves to another channel, which has already admitted it.</summary>
internal sealed record Transfer(SessionId Session, ChannelId Channel, JoinResult Seat) : ChannelInput;

/// <summary>Closes the channel: all sessions end.</summary>
internal sealed record Close : ChannelInput;

// Permissions, flags and quality

/// <summary>Sets the mute and deafen flags that the member chose.</summary>
internal sealed record SetState(SessionId Session, bool Muted, bool Deafened) : ChannelInput;

/// <summary>Mutes or unmutes a member, as a moderator requested.</summary>
internal sealed record SetServerMute(MemberNumber Number, bool Muted) : ChannelInput;

/// <summary>Replaces the grants of a member.</summary>
internal sealed record SetGrants(MemberNumber Number, Grants Grants) : ChannelInput;

/// <summary>Replaces the attributes that the application set for a member.</summary>
internal sealed record SetAttributes(MemberNumber Number, ImmutableSortedDictionary<string, string> Attributes) : ChannelInput;

/// <summary>Sets the quality level that a client measured.</summary>
internal sealed record SetQuality(SessionId Session, ConnectionQuality Quality) : ChannelInput;

// Layouts

/// <summary>The channel's stored settings changed.</summary>
internal sealed record UpdateSettings(ChannelSettings Settings) : ChannelInput;

/// <summary>Opens a new layout: in the other mode to switch the channel, or in the same mode to move it to other media nodes.</summary>
internal sealed record RequestLayout(ChannelMode Mode, ModeReason Reason) : ChannelInput;

/// <summary>A client reports that its connections of a layout carry audio.</summary>
internal sealed record Ready(SessionId Session, LayoutEpoch Layout) : ChannelInput;

/// <summary>
/// A client reports that it could not connect: to a peer in a mesh, or to its media node (<paramref name="Peer"/> is null).
/// </summary>
internal sealed record ConnectionFailed(SessionId Session, LayoutEpoch Layout, MemberNumber? Peer) : ChannelInput;

/// <summary>A client answered the SDP offer of its endpoint; the grain sends the answer to the node at the same time.</summary>
internal sealed record Answered(SessionId Session, LayoutEpoch Layout) : ChannelInput;

// Media nodes

/// <summary>A media node reports events in its rooms of this channel.</summary>
internal sealed record NodeReported(MediaNodeId Node, ImmutableArray<RoomEvent> Events) : ChannelInput;

/// <summary>The lease of a media node ended; its rooms are lost.</summary>
/// <param name="SilentFor">
/// The time since its last message. After that it may have used more of its keys than its tickets say.
/// </param>
/// <param name="AckedFor">
/// The length of the period until now in which its messages were acknowledged without a gap of more than 5 s.
/// </param>
internal sealed record NodeLost(MediaNodeId Node, TimeSpan SilentFor, TimeSpan AckedFor) : ChannelInput;

/// <summary>A media node is draining; the rooms on it must move to other nodes.</summary>
internal sealed record NodeDraining(MediaNodeId Node) : ChannelInput;

/// <summary>A media node lists the rooms of this channel that it holds; the channel closes the ones that it does not use.</summary>
internal sealed record RoomsFound(MediaNodeId Node, ImmutableArray<RoomEpoch> Epochs) : ChannelInput;

// Time

/// <summary>A deadline of the channel (<see cref="ChannelMachine.NextDeadline"/>) has passed.</summary>
internal sealed record Tick : ChannelInput;

/// <summary>Renews the channel's rooms at their nodes; a node closes a room that is not renewed.</summary>
internal sealed record RenewRooms : ChannelInput;

/// <summary>Publishes the roster changes that wait for the next batch, so that a checkpoint contains only published changes.</summary>
internal sealed record PublishRoster : ChannelInput;
