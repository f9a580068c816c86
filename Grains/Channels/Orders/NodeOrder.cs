using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Cascade;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Channels.Orders;

/// <summary>
/// An effect that a media node must execute, or that needs the choice of a node. Its answer is a <see cref="NodeAnswered"/>.
/// </summary>
internal abstract record NodeOrder : ChannelEffect;

/// <summary>
/// An order about one endpoint. The channel ignores its answer if the endpoint has moved to another room or was replaced meanwhile.
/// </summary>
internal abstract record EndpointOrder(EndpointRef Endpoint) : NodeOrder;

/// <summary>Chooses a media node and opens a room of a layout on it.</summary>
/// <param name="Layout">The layout that the room is for.</param>
/// <param name="Epoch">The epoch of the new room.</param>
/// <param name="Present">The rooms that the layout has: a region that has to share the node of one of them also shares the room.</param>
internal sealed record PlaceRoom(
    LayoutEpoch Layout, RoomEpoch Epoch, RegionId Region, MediaNodeId? Sticky, MediaNodeId[] Avoid, Room[] Present) : NodeOrder;

/// <summary>Asks a node, after a restart of the grain, for a room and the endpoints and links in it.</summary>
internal sealed record VerifyRoom(Room Room) : NodeOrder;

/// <summary>Renews a room that the channel still uses; the node's grain closes rooms that are not renewed.</summary>
internal sealed record RenewRoom(RoomEpoch Epoch, MediaNodeId Node) : NodeOrder;

/// <summary>Closes a room on its node.</summary>
internal sealed record CloseRoom(RoomEpoch Epoch, MediaNodeId Node) : NodeOrder;

/// <summary>Adds a new endpoint to a room.</summary>
internal sealed record AddEndpoint(EndpointRef Endpoint, EndpointPermissions Permissions) : EndpointOrder(Endpoint);

/// <summary>Continues an endpoint on another node from its ticket, after the node that held it was lost.</summary>
internal sealed record ReviveEndpoint(EndpointRef Endpoint, EndpointPermissions Permissions, TransportTicket Ticket)
    : EndpointOrder(Endpoint);

/// <summary>Hands an endpoint over to a room on another node, while the old node still works.</summary>
internal sealed record HandOver(Room From, EndpointRef Endpoint, EndpointPermissions Permissions) : EndpointOrder(Endpoint);

/// <summary>Gives an endpoint new ICE credentials, because its client did not connect to the new node after a move.</summary>
/// <param name="Offer">The offer as the client has it; the restart replaces its ICE credentials.</param>
internal sealed record RestartIce(EndpointRef Endpoint, SfuOffer Offer) : EndpointOrder(Endpoint);

/// <summary>Sets the permissions of an endpoint: whether it may send and receive audio.</summary>
internal sealed record UpdateEndpoint(EndpointRef Endpoint, EndpointPermissions Permissions) : EndpointOrder(Endpoint);

/// <summary>
/// Sends a client's SDP answer to the node of its endpoint. The node forwards media only after it has compared the client's certificate
/// with the fingerprint in the answer. The grain gives this order itself, because the client's request waits for its outcome.
/// </summary>
internal sealed record AcceptAnswer(Room Room, MemberNumber Number, SfuAnswer Answer) : NodeOrder;

/// <summary>Removes an endpoint from a room.</summary>
internal sealed record RemoveEndpoint(RoomEpoch Epoch, MediaNodeId Node, MemberNumber Number) : NodeOrder;

/// <summary>Creates a link between two rooms, and removes the link that it replaces.</summary>
/// <param name="Name">Unique for every link.</param>
/// <param name="InPlaceOf">The name of the link that failed or was lost.</param>
internal sealed record LinkRooms(RoomPair Pair, string Name, Room Low, Room High, string? InPlaceOf) : NodeOrder;

/// <summary>Removes the end of a link from one room, after the other room was closed.</summary>
internal sealed record UnlinkRoom(RoomPair Pair, string Name, Room Room) : NodeOrder;
