using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Channels.Orders;

/// <summary>An endpoint in a node's list of a room's content; a null ticket means that no other node can revive it.</summary>
/// <param name="Ticket">Null if the endpoint is not connected yet or not portable.</param>
internal sealed record ListedEndpoint(MemberNumber Number, TransportTicket? Ticket);
