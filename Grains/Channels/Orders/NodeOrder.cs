using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Cascade;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Channels.Orders;

/// <summary>An effect for a media node or for placement. Its answer is a <see cref="NodeAnswered"/>.</summary>
internal abstract record NodeOrder : ChannelEffect;

/// <summary>An order about one endpoint whose answer is void when the endpoint has moved to another room or was replaced.</summary>
internal abstract record EndpointOrder(EndpointRef Endpoint) : NodeOrder;

/// <summary>Finds a node and opens a room of a layout on it.</summary>
/// <param name="Layout">The layout that the room is for.</param>
/// <param name="Epoch">The epoch of the new room.</param>
/// <param name="Present">The rooms that the layout has: a region that has to share the node of one of them also shares the room.</param>
internal sealed record PlaceRoom(
    LayoutEpoch Layout, RoomEpoch Epoch, RegionId Region, MediaNodeId? Sticky, MediaNodeId[] Avoid, Room[] Present) : NodeOrder;

/// <summary>Asks, after a restart of the grain, whether a room still exists and which endpoints and links it holds.</summary>
internal sealed record VerifyRoom(Room Room) : NodeOrder;

/// <summary>Renews a room at its node: the channel still uses it.</summary>
internal sealed record RenewRoom(RoomEpoch Epoch, MediaNodeId Node) : NodeOrder;

/// <summary>Closes a room.</summary>
internal sealed record CloseRoom(RoomEpoch Epoch, MediaNodeId Node) : NodeOrder;

/// <summary>Adds a new endpoint to a room.</summary>
internal sealed record AddEndpoint(EndpointRef Endpoint, EndpointPermissions Permissions) : EndpointOrder(Endpoint);

/// <summary>Revives an endpoint on another node from its ticket, after its own node was lost.</summary>
internal sealed record ReviveEndpoint(EndpointRef Endpoint, EndpointPermissions Permissions, TransportTicket Ticket)
    : EndpointOrder(Endpoint);

/// <summary>Moves an endpoint to another room while the old one still works.</summary>
internal sealed record HandOver(Room From, EndpointRef Endpoint, EndpointPermissions Permissions) : EndpointOrder(Endpoint);

/// <summary>Gives an endpoint new ICE credentials because its client did not follow a move.</summary>
/// <param name="Offer">The offer as the client has it; the restart replaces its ICE credentials.</param>
internal sealed record RestartIce(EndpointRef Endpoint, SfuOffer Offer) : EndpointOrder(Endpoint);

/// <summary>Sets the directions in which an endpoint may carry audio.</summary>
internal sealed record UpdateEndpoint(EndpointRef Endpoint, EndpointPermissions Permissions) : EndpointOrder(Endpoint);

/// <summary>
/// Sends the client's certificate fingerprint to the node, which forwards no media before it has compared it. The grain gives this order
/// itself, because the client's request waits for its outcome.
/// </summary>
internal sealed record AcceptAnswer(Room Room, MemberNumber Number, SfuAnswer Answer) : NodeOrder;

/// <summary>Removes an endpoint from a room.</summary>
internal sealed record RemoveEndpoint(RoomEpoch Epoch, MediaNodeId Node, MemberNumber Number) : NodeOrder;

/// <summary>Links two rooms, and removes the link that this one replaces.</summary>
/// <param name="Name">Unique for every link.</param>
/// <param name="InPlaceOf">The name of the link that failed or was lost.</param>
internal sealed record LinkRooms(RoomPair Pair, string Name, Room Low, Room High, string? InPlaceOf) : NodeOrder;

/// <summary>Removes one end of a link whose other room is gone.</summary>
internal sealed record UnlinkRoom(RoomPair Pair, string Name, Room Room) : NodeOrder;
