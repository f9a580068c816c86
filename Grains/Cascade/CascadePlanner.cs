namespace Hype.Grains.Cascade;

/// <summary>
/// The links between a channel's rooms: each room with each other one, once. Rooms send only what their own members say, so a
/// word reaches every room over exactly one link, and no loop can form whichever rooms come and go.
/// </summary>
internal static class CascadePlanner
{
    /// <param name="rooms">Epochs of the rooms that shall hear each other.</param>
    public static IEnumerable<RoomPair> Links(IEnumerable<RoomEpoch> rooms)
    {
        var ordered = rooms.Distinct().Order().ToArray();
        return ordered.SelectMany((low, index) => ordered.Skip(index + 1).Select(high => new RoomPair(low, high)));
    }
}
