using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Channels.Orders;

/// <summary>An endpoint in a node's list of a room's content; a null ticket means that no other node can revive it.</summary>
/// <param name="Ticket">Null if the endpoint is not connected yet, not portable, or released.</param>
internal sealed record ListedEndpoint(MemberNumber Number, TransportTicket? Ticket)
{
    /// <summary>
    /// True if the node has released the endpoint to another node: its last ticket may be in use there, so no ticket of this node is valid
    /// any longer.
    /// </summary>
    public bool Released { get; init; }
}
