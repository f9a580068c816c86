namespace Hype.Grains.Cascade;

/// <summary>
/// Plans the links between the rooms of a channel: one link for each pair of rooms. A room sends over its links only the audio of its own
/// members, so a packet reaches each other room over exactly one link and never loops, even while rooms open and close.
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
