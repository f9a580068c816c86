using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Layouts;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Channels.Endpoints;

/// <summary>
/// Carries out the decisions of the <see cref="RoomAssigner"/>: requests the rooms that the endpoints of a layout need, and closes the
/// others.
/// </summary>
internal sealed class EndpointRooms(int capacity, LayoutTransition layouts, RoomLinks links, EffectList effects)
{
    private readonly RoomAssigner _assigner = new(capacity);

    /// <summary>Returns a room for an endpoint without one; if no room has space, requests one and returns null.</summary>
    public ActiveRoom? Assign(ActiveLayout layout, RegionId region) =>
        Apply(layout, _assigner.Assign(layout.Rooms, region, layout.IsCrowded(region), layout.IsPlacing(region)));

    /// <summary>
    /// Returns the room to which an endpoint moves from a draining room; null if it must stay for now, because there is no such room or no
    /// link between the two yet.
    /// </summary>
    public ActiveRoom? AssignNext(ActiveLayout layout, RegionId region, ActiveRoom present, DateTimeOffset now) =>
        Apply(layout, _assigner.AssignNext(
            layout.Rooms,
            region,
            layout.IsCrowded(region),
            layout.IsPlacing(region),
            next => links.Connects(present, next, now)));

    /// <summary>Closes empty rooms, except the last room and those into which members of draining rooms may still move.</summary>
    public void CloseEmptyRooms(ActiveLayout layout)
    {
        foreach (var room in RoomAssigner.RoomsToClose(layout.Rooms, layout.Placing))
        {
            layout.RemoveRoom(room);
            effects.Add(new CloseRoom(room.Epoch, room.Node));
        }
    }

    private ActiveRoom? Apply(ActiveLayout layout, RoomDecision decision)
    {
        if (decision is RoomDecision.Request request)
            layouts.RequestRoom(layout, request.Region);
        return (decision as RoomDecision.Use)?.Room;
    }
}
