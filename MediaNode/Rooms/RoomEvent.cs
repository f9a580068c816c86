using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Rtp;
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

    /// <summary>The member has sent more than its budget permits for some seconds (<see cref="MemberBudget"/>).</summary>
    Flooding,
}

/// <summary>An event in a room that the node reports to the control plane; <c>node_registry.proto</c> defines its wire form.</summary>
/// <param name="Number">The member; 0 for "no dominant speaker" and for links.</param>
internal readonly record struct RoomEvent(RoomKey Room, RoomEventKind Kind, MemberNumber Number)
{
    public CloseReason Reason { get; init; }

    public PathQuality Quality { get; init; }

    public IssuedTicket? Ticket { get; init; }

    public string? Link { get; init; }
}
