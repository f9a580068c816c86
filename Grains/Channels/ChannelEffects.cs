using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Regions;

namespace Hype.Grains.Channels;

/// <summary>Something that the channel has decided and its grain has to carry out, in order.</summary>
internal abstract record ChannelEffect;

/// <summary>Tell every gateway.</summary>
internal sealed record TellAll(ChannelEvent Event) : ChannelEffect;

/// <summary>Tell the one gateway that holds a session.</summary>
internal sealed record TellOne(string GatewayId, ChannelEvent Event) : ChannelEffect;

/// <summary>Find a node and open the room of this epoch; answered by <see cref="ChannelMachine.RoomOpened"/> or <see cref="ChannelMachine.PlacementFailed"/>.</summary>
internal sealed record PlaceRoom(int Epoch, RegionId Region, MediaNodeId? Sticky, MediaNodeId[] Avoid) : ChannelEffect;

/// <summary>
/// After a restart of the grain: is the room still there, and who is in it? Answered by <see cref="ChannelMachine.EndpointLost"/>
/// for each who is not, or <see cref="ChannelMachine.RoomLost"/>.
/// </summary>
internal sealed record VerifyRoom(int Epoch, MediaNodeId Node, EndpointPermissions[] Members) : ChannelEffect;

internal sealed record CloseRoom(int Epoch, MediaNodeId Node) : ChannelEffect;

/// <summary>Make a transport; answered by <see cref="ChannelMachine.EndpointAdded"/> or <see cref="ChannelMachine.RoomLost"/>.</summary>
internal sealed record AddEndpoint(int Epoch, Room Room, EndpointPermissions Member, int Generation) : ChannelEffect;

internal sealed record UpdateEndpoint(int Epoch, MediaNodeId Node, EndpointPermissions Member) : ChannelEffect;

internal sealed record RemoveEndpoint(int Epoch, MediaNodeId Node, uint Number) : ChannelEffect;

/// <summary>The session is over: its grain can go.</summary>
internal sealed record EndSession(SessionId Session) : ChannelEffect;

/// <summary>A switch was committed; for the instruments.</summary>
internal sealed record Switched(Layout Layout, TimeSpan Took) : ChannelEffect;

/// <summary>What a member's transport may carry.</summary>
internal readonly record struct EndpointPermissions(uint Number, bool CanSpeak, bool CanListen);
