using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Channels.Endpoints;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Channels.Layouts;

/// <summary>
/// A layout that the channel uses or prepares: its rooms, its endpoints, and the members whose clients are ready for it.
/// </summary>
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

    /// <summary>The members whose clients reported that their connections of this layout carry audio.</summary>
    public HashSet<MemberNumber> Ready { get; } = [];

    /// <summary>The endpoints of the members, by member number; empty in a mesh.</summary>
    public Dictionary<MemberNumber, MemberEndpoint> Endpoints { get; } = [];

    /// <summary>
    /// The rooms in the order in which they were opened: one for each region with members, and more where a room is full. Each two of them
    /// are linked (a cascade).
    /// </summary>
    public IReadOnlyList<ActiveRoom> Rooms => _rooms;

    /// <summary>True while a requested room has not opened yet.</summary>
    public bool Placing => _placing.Count > 0;

    /// <summary>
    /// True if the layout lost all its rooms before its commit. It is never committed then; a layout with another epoch replaces it.
    /// </summary>
    public bool Lost { get; private set; }

    /// <summary>True if a room uses the number of the layout as its epoch; further rooms take new numbers.</summary>
    public bool EpochTaken { get; private set; }

    /// <summary>True if the layout can carry audio: it is a mesh, or it has a room.</summary>
    public bool CarriesAudio => Mode == ChannelMode.P2P || _rooms.Count > 0;

    /// <summary>True if the grain restarted and some rooms have not listed their endpoints since.</summary>
    public bool Unverified => _unverified.Count > 0;

    public ImmutableArray<RoomAssignment> Assignments =>
        [.. _rooms.Select(room => new RoomAssignment(room.Room.Region, room.Node, room.Epoch, Epoch))];

    /// <summary>Returns a room with space that is on a node of this region, whichever regions it serves; null if there is none.</summary>
    public ActiveRoom? RoomIn(RegionId region, int capacity) =>
        _rooms.Find(room => room.Room.Region == region && !room.Draining && room.Population < capacity);

    public ActiveRoom? Find(RoomEpoch epoch) => _rooms.Find(room => room.Epoch == epoch);

    /// <summary>Returns true if full rooms take more members of this region, because no node had capacity for another room.</summary>
    public bool IsCrowded(RegionId region) => _crowded.Contains(region);

    public bool IsPlacing(RegionId region) => _placing.ContainsKey(region);

    public bool IsPlacing(RoomEpoch epoch) => _placing.ContainsValue(epoch);

    /// <summary>Records that the channel has requested a room for this region.</summary>
    public void ExpectRoom(RegionId region, RoomEpoch epoch) => _placing.Add(region, epoch);

    /// <summary>Adds the room that serves this region; it may be a room that already serves other regions.</summary>
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
    /// Handles a failed request for a room: a room of another region serves the region. If all rooms are draining, their drain is
    /// cancelled and the members stay. Returns false if the layout has no room at all.
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

    /// <summary>Adds a room from the checkpoint after a restart of the grain; the room's endpoints are not known yet.</summary>
    public void RestoreRoom(RoomAssignment room)
    {
        EpochTaken = true;
        var active = new ActiveRoom(new Room(room.Node, room.Region, room.Epoch));
        active.Serve(room.Region);
        _rooms.Add(active);
        _unverified.Add(room.Epoch);
    }

    /// <summary>Lets the first room serve each of these regions that has no room.</summary>
    public void ServeRegions(IEnumerable<RegionId> regions)
    {
        foreach (var region in regions.Where(region => !_rooms.Exists(room => room.Serves(region))))
            _rooms[0].Serve(region);
    }

    /// <summary>Returns false if the grain restarted and this room has not listed its endpoints since.</summary>
    public bool IsVerified(RoomEpoch epoch) => !_unverified.Contains(epoch);

    /// <summary>Records that the node has listed the endpoints of this room.</summary>
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
    /// Lets a room of another region serve the regions without a room, after all requests for rooms have been answered: until then a
    /// nearer room may still open.
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
