using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Regions;

namespace Hype.Grains.Channels.Rooms;

/// <summary>A room on a media node. Its epoch is its own: layouts and rooms count together, and no two have the same.</summary>
internal sealed record Room(MediaNodeId Node, RegionId Region, RoomEpoch Epoch);

/// <summary>A room of a layout while it lives: whom it is there for, and how many are in it.</summary>
internal sealed class ActiveRoom(Room room)
{
    private readonly HashSet<RegionId> _serves = [];

    public Room Room { get; } = room;

    public RoomEpoch Epoch => Room.Epoch;

    public MediaNodeId Node => Room.Node;

    /// <summary>Transports that are in it, or on their way in or out.</summary>
    public int Population { get; private set; }

    /// <summary>Its node is to be empty: those in it move out, and nobody moves in.</summary>
    public bool Leaving { get; private set; }

    /// <summary>Regions whose members have their transports here.</summary>
    public IEnumerable<RegionId> Regions => _serves;

    public bool Serves(RegionId region) => !Leaving && _serves.Contains(region);

    public void Serve(RegionId region) => _serves.Add(region);

    public void Leave() => Leaving = true;

    /// <summary>There is nowhere else to go.</summary>
    public void Stay() => Leaving = false;

    public void Enter() => Population++;

    public void Exit() => Population--;
}
