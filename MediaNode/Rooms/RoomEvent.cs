using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Tickets;

namespace Hype.MediaNode.Rooms;

internal enum RoomEventKind
{
    Connected,
    Closed,
    DominantSpeaker,
    Quality,
    Ticket,
    LinkLost,
}

/// <summary>What the control plane hears of a room; <c>node_registry.proto</c> has the same on the wire.</summary>
/// <param name="Number">The participant; 0 for "nobody speaks" and for links.</param>
internal readonly record struct RoomEvent(RoomKey Room, RoomEventKind Kind, uint Number)
{
    public CloseReason Reason { get; init; }

    public PathQuality Quality { get; init; }

    public IssuedTicket? Ticket { get; init; }

    public string? Link { get; init; }
}
