namespace Hype.Grains.Cascade;

/// <summary>
/// Plans the links between a channel's rooms: each pair of rooms has one. A room sends only the audio of its own members, so a packet
/// reaches every room over exactly one link, and no loop can form while rooms open and close.
/// </summary>
internal static class CascadePlanner
{
    /// <param name="rooms">The epochs of the rooms to link.</param>
    public static IEnumerable<RoomPair> Links(IEnumerable<RoomEpoch> rooms)
    {
        var ordered = rooms.Distinct().Order().ToArray();
        return ordered.SelectMany((low, index) => ordered.Skip(index + 1).Select(high => new RoomPair(low, high)));
    }
}
