using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Channels.Endpoints;

/// <summary>
/// Decides in which room of a layout a member's endpoint is: in a room that serves the member's region and is not full. If there is none,
/// it decides to request another room. Also decides which rooms no endpoint needs any longer. It changes nothing:
/// <see cref="EndpointRooms"/> carries out the decisions.
/// </summary>
/// <param name="capacity">The number of endpoints at which a room is full.</param>
internal sealed class RoomAssigner(int capacity)
{
    /// <summary>Decides the room of an endpoint that has none.</summary>
    /// <param name="rooms">The rooms of the layout, in the order in which they were opened.</param>
    /// <param name="region">The member's region.</param>
    /// <param name="isCrowded">Whether full rooms take more members of the region, because no node has capacity for another room.</param>
    /// <param name="isRequested">Whether a room for the region is requested already.</param>
    public RoomDecision Assign(IReadOnlyList<ActiveRoom> rooms, RegionId region, bool isCrowded, bool isRequested)
    {
        var serving = rooms.Where(room => room.Serves(region)).ToArray();
        var chosen = Array.Find(serving, room => room.Population < capacity);
        if (isCrowded)
            chosen ??= serving.MinBy(room => room.Population);
        if (chosen is not null)
            return new RoomDecision.Use(chosen);
        return isRequested ? RoomDecision.Waiting : new RoomDecision.Request(region);
    }

    /// <summary>Decides the room to which an endpoint moves from a draining room.</summary>
    /// <param name="isLinked">Whether a room is linked to the present one: over the link, a moving member and the others continue to hear
    /// each other.</param>
    public RoomDecision AssignNext(
        IReadOnlyList<ActiveRoom> rooms, RegionId region, bool isCrowded, bool isRequested, Func<ActiveRoom, bool> isLinked)
    {
        var decision = Assign(rooms, region, isCrowded, isRequested);
        return decision is RoomDecision.Use { Room: var next } && !isLinked(next) ? RoomDecision.Waiting : decision;
    }

    /// <summary>
    /// Returns a room for the new connection of an endpoint that already has a room. A full room is allowed, because the endpoint already
    /// counts in it.
    /// </summary>
    /// <param name="present">The endpoint's room, for a region that has none at the moment.</param>
    public static ActiveRoom? AssignAgain(IReadOnlyList<ActiveRoom> rooms, RegionId region, ActiveRoom? present) =>
        rooms.FirstOrDefault(room => room.Serves(region)) ?? present;

    /// <summary>
    /// Returns the empty rooms to close: all except the last room of the layout and those into which members of draining rooms may still
    /// move.
    /// </summary>
    /// <param name="isPlacing">Whether the layout waits for a requested room, whose region may share an empty one.</param>
    public static IReadOnlyList<ActiveRoom> RoomsToClose(IReadOnlyList<ActiveRoom> rooms, bool isPlacing)
    {
        if (isPlacing)
            return [];
        var isMoving = rooms.Any(room => room.Draining);
        return [.. rooms.Where(room => room.Population == 0 && (room.Draining || !isMoving)).Take(rooms.Count - 1)];
    }
}
