using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Channels.Orders;

/// <summary>An endpoint of a room, as the node lists it.</summary>
/// <param name="Ticket">Null if the endpoint is not connected yet or not portable.</param>
internal sealed record ListedEndpoint(MemberNumber Number, TransportTicket? Ticket);
