using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Regions;
using Hype.Grains.Cascade;
using Hype.Grains.Channels.Endpoints;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Channels;

/// <summary>Something that the channel has decided and its grain has to carry out, in order.</summary>
internal abstract record ChannelEffect;

/// <summary>Tell every gateway.</summary>
internal sealed record PublishToAll(ChannelEvent Event) : ChannelEffect;

/// <summary>Tell the one gateway that holds a session.</summary>
internal sealed record NotifySession(string GatewayId, ChannelEvent Event) : ChannelEffect;

/// <summary>
/// Find a node and open a room of a layout; answered by <see cref="ChannelMachine.RoomOpened"/> or <see cref="ChannelMachine.PlacementFailed"/>.
/// </summary>
/// <param name="Layout">Its epoch.</param>
/// <param name="Epoch">The room's.</param>
/// <param name="Present">Rooms that the layout has: if the region has to share another's node, it shares its room too.</param>
internal sealed record PlaceRoom(LayoutEpoch Layout, RoomEpoch Epoch, RegionId Region, MediaNodeId? Sticky, MediaNodeId[] Avoid, Room[] Present) : ChannelEffect;

/// <summary>
/// After a restart of the grain: is the room still there, and who is in it? Answered by <see cref="ChannelMachine.RoomVerified"/> or
/// <see cref="ChannelMachine.RoomLost"/>.
/// </summary>
internal sealed record VerifyRoom(Room Room) : ChannelEffect;

internal sealed record CloseRoom(RoomEpoch Epoch, MediaNodeId Node) : ChannelEffect;

/// <summary>Make a transport; answered by <see cref="ChannelMachine.EndpointAdded"/>, <see cref="ChannelMachine.EndpointRefused"/> or <see cref="ChannelMachine.RoomLost"/>.</summary>
/// <param name="Layout">The epoch that the client knows.</param>
internal sealed record AddEndpoint(LayoutEpoch Layout, Room Room, EndpointPermissions Member, int Generation) : ChannelEffect;

/// <summary>Carry a transport on whose node is gone; answered by <see cref="ChannelMachine.EndpointRevived"/> or as <see cref="AddEndpoint"/>.</summary>
internal sealed record ReviveEndpoint(LayoutEpoch Layout, Room Room, EndpointPermissions Member, int Generation, TransportTicket Ticket) : ChannelEffect;

/// <summary>Carry a transport on in another room while the one that has it lives; answered as <see cref="ReviveEndpoint"/>.</summary>
internal sealed record HandOver(LayoutEpoch Layout, Room From, Room Room, EndpointPermissions Member, int Generation) : ChannelEffect;

/// <summary>New ICE credentials for a transport whose client does not come; answered by <see cref="ChannelMachine.IceRestarted"/> or <see cref="ChannelMachine.EndpointRefused"/>.</summary>
/// <param name="Transport">As it was moved.</param>
internal sealed record RestartIce(LayoutEpoch Layout, Room Room, MemberNumber Number, int Generation, SfuOffer Transport) : ChannelEffect;

internal sealed record UpdateEndpoint(LayoutEpoch Layout, Room Room, EndpointPermissions Member) : ChannelEffect;

internal sealed record RemoveEndpoint(RoomEpoch Epoch, MediaNodeId Node, MemberNumber Number) : ChannelEffect;

/// <summary>Link two rooms, in place of what links them now; answered by <see cref="ChannelMachine.Linked"/> or <see cref="ChannelMachine.LinkFailed"/>.</summary>
/// <param name="Name">New for every link.</param>
/// <param name="InPlaceOf">The one that failed or is lost.</param>
internal sealed record LinkRooms(RoomPair Pair, string Name, Room Low, Room High, string? InPlaceOf) : ChannelEffect;

/// <summary>The room at the other end is gone.</summary>
internal sealed record UnlinkRoom(RoomPair Pair, string Name, Room Room) : ChannelEffect;

/// <summary>A transport has reached another node, by this way (<see cref="MoveStage.None"/>: a new connection); for the instruments.</summary>
internal sealed record Moved(MoveStage Way, TimeSpan Took) : ChannelEffect;

/// <summary>The session is over: its grain can go.</summary>
internal sealed record EndSession(SessionId Session, string Identity, LeaveReason Reason) : ChannelEffect;

/// <summary>A switch was committed; for the instruments.</summary>
internal sealed record Switched(Layout Layout, TimeSpan Took) : ChannelEffect;

/// <summary>What a member's transport may carry.</summary>
internal readonly record struct EndpointPermissions(MemberNumber Number, bool CanSpeak, bool CanListen);
