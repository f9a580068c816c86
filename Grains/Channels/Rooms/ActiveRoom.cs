namespace Hype.Grains.Channels.Rooms;

/// <summary>A room that the channel uses: the regions that it serves, and the number of endpoints in it.</summary>
internal sealed class ActiveRoom(Room room)
{
    private readonly HashSet<RegionId> _serves = [];

    public Room Room { get; } = room;

    public RoomEpoch Epoch => Room.Epoch;

    public MediaNodeId Node => Room.Node;

    /// <summary>The number of endpoints that are in the room, or are moving into it or out of it.</summary>
    public int Population { get; private set; }

    /// <summary>True if the room's node is draining: endpoints move out of the room, and none moves in.</summary>
    public bool Draining { get; private set; }

    /// <summary>The regions whose members get their endpoints in this room.</summary>
    public IEnumerable<RegionId> Regions => _serves;

    public bool Serves(RegionId region) => !Draining && _serves.Contains(region);

    public void Serve(RegionId region) => _serves.Add(region);

    public void Drain() => Draining = true;

    /// <summary>Lets the room accept members again although its node is draining, because there is no other room.</summary>
    public void CancelDrain() => Draining = false;

    public void Enter() => Population++;

    public void Exit() => Population--;
}
