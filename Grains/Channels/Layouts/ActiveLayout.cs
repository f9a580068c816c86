using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Channels.Endpoints;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Channels.Layouts;

/// <summary>A layout in use: its rooms, its endpoints, and the members that are ready for it.</summary>
internal sealed class ActiveLayout(Layout layout)
{
    private readonly List<ActiveRoom> _rooms = [];
    private readonly Dictionary<RegionId, RoomEpoch> _placing = [];
    private readonly HashSet<RegionId> _unserved = [];
    private readonly HashSet<RegionId> _crowded = [];
    private readonly HashSet<RoomEpoch> _unverified = [];

    public Layout Layout { get; } = layout;

    public LayoutEpoch Epoch => Layout.Epoch;

    public ChannelMode Mode => Layout.Mode;

    /// <summary>Members whose client reported that its connections of this layout carry audio.</summary>
    public HashSet<MemberNumber> Ready { get; } = [];

    /// <summary>The members' endpoints, by number; empty in a mesh.</summary>
    public Dictionary<MemberNumber, MemberEndpoint> Endpoints { get; } = [];

    /// <summary>
    /// The rooms in the order in which they were opened: one for each region of the members, more if a room is full. All of them are
    /// linked with each other (the cascade).
    /// </summary>
    public IReadOnlyList<ActiveRoom> Rooms => _rooms;

    /// <summary>True while the answer to a request for a room is pending.</summary>
    public bool Placing => _placing.Count > 0;

    /// <summary>True if the layout lost all its rooms before its commit: only a layout of another epoch can replace it.</summary>
    public bool Lost { get; private set; }

    /// <summary>True if a room has taken the layout's own epoch.</summary>
    public bool EpochTaken { get; private set; }

    /// <summary>True if members can hear each other in this layout.</summary>
    public bool CarriesAudio => Mode == ChannelMode.P2P || _rooms.Count > 0;

    /// <summary>True if, after a restart of the grain, some rooms have not listed their endpoints yet.</summary>
    public bool Unverified => _unverified.Count > 0;

    public ImmutableArray<RoomAssignment> Assignments =>
        [.. _rooms.Select(room => new RoomAssignment(room.Room.Region, room.Node, room.Epoch, Epoch))];

    /// <summary>
    /// Returns the room on a node of this region, whichever regions the room serves; null if there is none, or if it is full.
    /// </summary>
    public ActiveRoom? RoomIn(RegionId region, int capacity) =>
        _rooms.Find(room => room.Room.Region == region && !room.Draining && room.Population < capacity);

    public ActiveRoom? Find(RoomEpoch epoch) => _rooms.Find(room => room.Epoch == epoch);

    /// <summary>Returns true if full rooms take more members of this region, because no node had capacity for another room.</summary>
    public bool IsCrowded(RegionId region) => _crowded.Contains(region);

    public bool IsPlacing(RegionId region) => _placing.ContainsKey(region);

    public bool IsPlacing(RoomEpoch epoch) => _placing.ContainsValue(epoch);

    /// <summary>Records that a room is requested for this region.</summary>
    public void ExpectRoom(RegionId region, RoomEpoch epoch) => _placing.Add(region, epoch);

    /// <summary>Adds a room for this region; it may be one that serves other regions already.</summary>
    public void AddRoom(RegionId region, Room room)
    {
        _placing.Remove(region);
        _crowded.Remove(region);
        EpochTaken = true;
        if (Find(room.Epoch) is not { } active)
            _rooms.Add(active = new ActiveRoom(room));
        active.Serve(region);
        ServeRemainingRegions();
    }

    /// <summary>
    /// Handles a region for which no node has capacity: another region's room serves it. If all rooms are draining, its members stay where
    /// they are. Returns false if the layout has no room at all.
    /// </summary>
    public bool OnPlacementFailed(RegionId region)
    {
        _placing.Remove(region);
        _unserved.Add(region);
        // Full rooms take more members until a room opens or is lost: that is better than refusing them.
        _crowded.Add(region);
        ServeRemainingRegions();
        return _rooms.Count > 0 || Placing;
    }

    /// <summary>Adds a stored room after a restart of the grain; its endpoints are not known yet.</summary>
    public void RestoreRoom(RoomAssignment room)
    {
        EpochTaken = true;
        var active = new ActiveRoom(new Room(room.Node, room.Region, room.Epoch));
        active.Serve(room.Region);
        _rooms.Add(active);
        _unverified.Add(room.Epoch);
    }

    /// <summary>Assigns the first room to every region that has none of its own.</summary>
    public void ServeRegions(IEnumerable<RegionId> regions)
    {
        foreach (var region in regions.Where(region => !_rooms.Exists(room => room.Serves(region))))
            _rooms[0].Serve(region);
    }

    /// <summary>Records that the room has listed its endpoints.</summary>
    public void SetVerified(RoomEpoch epoch) => _unverified.Remove(epoch);

    public void RemoveRoom(ActiveRoom room)
    {
        _rooms.Remove(room);
        _crowded.Clear();
        _unverified.Remove(room.Epoch);
    }

    /// <inheritdoc cref="Lost"/>
    public void SetLost()
    {
        Lost = true;
        _placing.Clear();
        Endpoints.Clear();
    }

    /// <summary>
    /// Assigns a room of another region to the regions without one. It waits for the answers to all requests, so that no region gets a
    /// remote room while its own room opens.
    /// </summary>
    private void ServeRemainingRegions()
    {
        if (Placing || _rooms.Count == 0)
            return;
        var host = _rooms.Find(room => !room.Draining);
        foreach (var region in _unserved)
        {
            if (host is null)
                _rooms.ForEach(room => room.CancelDrain());
            (host ?? _rooms[0]).Serve(region);
        }

        _unserved.Clear();
    }
}
