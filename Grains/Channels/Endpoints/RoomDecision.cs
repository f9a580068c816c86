using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Channels.Endpoints;

/// <summary>The decision of the <see cref="RoomAssigner"/> about the room of one endpoint.</summary>
internal abstract record RoomDecision
{
    public static readonly RoomDecision Waiting = new Wait();

    /// <summary>The endpoint enters this open room.</summary>
    internal sealed record Use(ActiveRoom Room) : RoomDecision;

    /// <summary>No open room can take the endpoint: the layout requests one more room for this region.</summary>
    internal sealed record Request(RegionId Region) : RoomDecision;

    /// <summary>The endpoint waits for a requested room, or for the link to the room into which it moves.</summary>
    internal sealed record Wait : RoomDecision;
}
