using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Channels.Orders;

/// <summary>An endpoint of a room in the list of its node.</summary>
/// <param name="Ticket">Null: not connected yet, or not portable.</param>
internal sealed record ListedEndpoint(MemberNumber Number, TransportTicket? Ticket);
