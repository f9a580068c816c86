using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Layouts;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Channels.Endpoints;

/// <summary>
/// Assigns each member to a room of a layout that serves the member's region and is not full. If there is none, it requests another room.
/// It also closes the rooms that no endpoint needs any longer.
/// </summary>
internal sealed class RoomAssigner(int capacity, LayoutTransition layouts, RoomLinks links, EffectList effects)
{
    /// <summary>Returns a room for an endpoint without one; if no room has space, requests one and returns null.</summary>
    public ActiveRoom? Assign(ActiveLayout layout, RegionId region)
    {
        if (layout.RoomFor(region, capacity) is { } room)
            return room;
        layouts.RequestRoom(layout, region);
        return null;
    }

    /// <summary>
    /// Returns a room for the new connection of an endpoint that already has a room. A full room is allowed, because the endpoint already
    /// counts in it.
    /// </summary>
    /// <param name="present">The endpoint's room, for a region that has none at the moment.</param>
    public static ActiveRoom? AssignAgain(ActiveLayout layout, RegionId region, ActiveRoom? present) =>
        layout.RoomFor(region, int.MaxValue) ?? present;

    /// <summary>
    /// Returns the room to which an endpoint moves from a draining room; null if it must stay for now, because there is no such room or no
    /// link between the two yet.
    /// </summary>
    public ActiveRoom? AssignNext(ActiveLayout layout, RegionId region, ActiveRoom present, DateTimeOffset now)
    {
        // A moving member hears the others over the link, and the others hear the member.
        return Assign(layout, region) is { } next && links.Connects(present, next, now) ? next : null;
    }

    /// <summary>Closes empty rooms, except the last room and those into which members of draining rooms may still move.</summary>
    public void CloseEmptyRooms(ActiveLayout layout)
    {
        var moving = layout.Rooms.Any(room => room.Draining);
        foreach (var room in layout.Rooms.Where(room => room.Population == 0 && (room.Draining || !moving)).ToArray())
        {
            if (layout.Rooms.Count == 1 || layout.Placing)
                return;
            layout.RemoveRoom(room);
            effects.Add(new CloseRoom(room.Epoch, room.Node));
        }
    }
}
