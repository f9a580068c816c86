using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Grains.Channels.Inputs;

/// <summary>
/// One event that a channel reacts to. <see cref="ChannelMachine.Step"/> takes it with the time and returns the effects.
/// </summary>
internal abstract record ChannelInput;

// Members and their sockets

/// <summary>Admits a member. A session of the same identity is replaced.</summary>
internal sealed record Join(Admission Admission) : ChannelInput;

/// <summary>Moves a session to the socket of a gateway, if the resume token matches.</summary>
internal sealed record Resume(SessionId Session, byte[] TokenHash, string GatewayId) : ChannelInput;

/// <summary>
/// A gateway lists all sessions whose sockets it holds. Listed sessions that are over are reported back to it. Members that the channel
/// has at this gateway and that are not listed have lost their sockets. (A member whose join is in progress returns with the next attach.)
/// </summary>
internal sealed record Attach(string GatewayId, ImmutableArray<SessionId> Sessions) : ChannelInput;

/// <summary>The socket of a session is gone.</summary>
internal sealed record Detach(SessionId Session, string GatewayId) : ChannelInput;

/// <summary>A gateway is gone with all its sockets.</summary>
internal sealed record GatewayLost(string GatewayId) : ChannelInput;

/// <summary>Ends a session.</summary>
internal sealed record Leave(SessionId Session, LeaveReason Reason) : ChannelInput;

/// <summary>Ends a session that continues in another channel, where it already has a seat.</summary>
internal sealed record Transfer(SessionId Session, ChannelId Channel, JoinResult Seat) : ChannelInput;

/// <summary>Ends all sessions.</summary>
internal sealed record Close : ChannelInput;

// Permissions, flags and quality

/// <summary>Sets the member's own mute and deafen flags.</summary>
internal sealed record SetState(SessionId Session, bool Muted, bool Deafened) : ChannelInput;

/// <summary>Mutes or unmutes a member, as a moderator requested.</summary>
internal sealed record SetServerMute(MemberNumber Number, bool Muted) : ChannelInput;

/// <summary>Replaces the grants of a member.</summary>
internal sealed record SetGrants(MemberNumber Number, Grants Grants) : ChannelInput;

/// <summary>Replaces the application's attributes of a member.</summary>
internal sealed record SetAttributes(MemberNumber Number, ImmutableSortedDictionary<string, string> Attributes) : ChannelInput;

/// <summary>Sets the quality level that a client measured.</summary>
internal sealed record SetQuality(SessionId Session, ConnectionQuality Quality) : ChannelInput;

// Layouts

/// <summary>The channel's stored settings changed.</summary>
internal sealed record UpdateSettings(ChannelSettings Settings) : ChannelInput;

/// <summary>Opens a new layout: the other mode for a switch, the same mode for a move to other nodes.</summary>
internal sealed record RequestLayout(ChannelMode Mode, ModeReason Reason) : ChannelInput;

/// <summary>A member's connections of a layout carry audio.</summary>
internal sealed record Ready(SessionId Session, LayoutEpoch Layout) : ChannelInput;

/// <summary>A member could not connect: to a peer in a mesh, or to its media node (<paramref name="Peer"/> is null).</summary>
internal sealed record ConnectionFailed(SessionId Session, LayoutEpoch Layout, MemberNumber? Peer) : ChannelInput;

/// <summary>A client answered the offer of its endpoint; the answer is on its way to the node.</summary>
internal sealed record Answered(SessionId Session, LayoutEpoch Layout) : ChannelInput;

// Media nodes

/// <summary>Reports events in the rooms of a node.</summary>
internal sealed record NodeReported(MediaNodeId Node, ImmutableArray<RoomEvent> Events) : ChannelInput;

/// <summary>A node is gone with its rooms.</summary>
/// <param name="LastHeartbeat">The time of its last message. After that it may have used more of its keys than its tickets say.</param>
/// <param name="AckedSince">The start of the period in which its messages were acknowledged without a gap of more than 5 s.</param>
internal sealed record NodeLost(MediaNodeId Node, DateTimeOffset LastHeartbeat, DateTimeOffset AckedSince) : ChannelInput;

/// <summary>A node is draining: rooms on it move to other nodes.</summary>
internal sealed record NodeDraining(MediaNodeId Node) : ChannelInput;

/// <summary>A node reports the rooms of this channel that it holds; those that the channel does not use are closed.</summary>
internal sealed record RoomsFound(MediaNodeId Node, ImmutableArray<RoomEpoch> Epochs) : ChannelInput;

// Time

/// <summary>Time has passed: <see cref="ChannelMachine.NextDeadline"/> is due.</summary>
internal sealed record Tick : ChannelInput;

/// <summary>Renews the lease of the channel's rooms at their nodes.</summary>
internal sealed record RenewRooms : ChannelInput;

/// <summary>Publishes the roster changes that wait for a batch, so that a checkpoint contains no unpublished change.</summary>
internal sealed record PublishRoster : ChannelInput;
