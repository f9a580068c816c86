using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Regions;
using Hype.Grains.Channels.Endpoints;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Channels.Layouts;

/// <summary>One layout while it lives: its rooms, its transports, and who is ready for it.</summary>
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

    /// <summary>Who said that its transport of this layout is connected and carries audio.</summary>
    public HashSet<MemberNumber> Ready { get; } = [];

    /// <summary>The members' transports, by number; empty in a mesh.</summary>
    public Dictionary<MemberNumber, MemberEndpoint> Endpoints { get; } = [];

    /// <summary>One for each region of the members, more where a room is full; linked with each other (the cascade). In the order in which they were opened.</summary>
    public IReadOnlyList<ActiveRoom> Rooms => _rooms;

    /// <summary>A room has been asked for, and the answer is not here yet.</summary>
    public bool Placing => _placing.Count > 0;

    /// <summary>It was prepared, and all its rooms are gone: only another epoch can replace it.</summary>
    public bool Lost { get; private set; }

    /// <summary>Its own epoch was given to a room.</summary>
    public bool EpochTaken { get; private set; }

    /// <summary>Can anything sound in it?</summary>
    public bool Plays => Mode == ChannelMode.P2P || _rooms.Count > 0;

    /// <summary>After a restart of the grain: some of its rooms have not said yet who is in them.</summary>
    public bool Unverified => _unverified.Count > 0;

    public ImmutableArray<RoomAssignment> Assignments => [.. _rooms.Select(room => new RoomAssignment(room.Room.Region, room.Node, room.Epoch, Epoch))];

    /// <summary>Where someone of this region goes; null when there is no such room, or it is full and there may be another.</summary>
    public ActiveRoom? RoomFor(RegionId region, int capacity) =>
        _rooms.Find(room => room.Serves(region) && room.Population < capacity)
        ?? (_crowded.Contains(region) ? _rooms.Where(room => room.Serves(region)).MinBy(room => room.Population) : null);

    /// <summary>The room that is in this region, whomever it serves; null when there is none, or it is full.</summary>
    public ActiveRoom? RoomIn(RegionId region, int capacity) => _rooms.Find(room => room.Room.Region == region && !room.Leaving && room.Population < capacity);

    public ActiveRoom? Find(RoomEpoch epoch) => _rooms.Find(room => room.Epoch == epoch);

    public bool IsPlacing(RegionId region) => _placing.ContainsKey(region);

    public bool IsPlacing(RoomEpoch epoch) => _placing.ContainsValue(epoch);

    /// <param name="epoch">Of the room.</param>
    public void Ask(RegionId region, RoomEpoch epoch) => _placing.Add(region, epoch);

    /// <summary>A room for this region; it may be one that others use already.</summary>
    public void Furnish(RegionId region, Room room)
    {
        _placing.Remove(region);
        _crowded.Remove(region);
        EpochTaken = true;
        if (Find(room.Epoch) is not { } live)
            _rooms.Add(live = new ActiveRoom(room));
        live.Serve(region);
        ServeTheRest();
    }

    /// <summary>
    /// There is no room for this region: another region's takes its members, and failing that they stay where they were to leave.
    /// False when there is nothing at all.
    /// </summary>
    public bool NotPlaced(RegionId region)
    {
        _placing.Remove(region);
        _unserved.Add(region);
        // Its full rooms take more rather than nobody; asked again when a room opens or is lost.
        _crowded.Add(region);
        ServeTheRest();
        return _rooms.Count > 0 || Placing;
    }

    /// <summary>As <see cref="Furnish"/>, of a room whose members are not known yet.</summary>
    public void Restore(RoomAssignment room)
    {
        EpochTaken = true;
        var live = new ActiveRoom(new Room(room.Node, room.Region, room.Epoch));
        live.Serve(room.Region);
        _rooms.Add(live);
        _unverified.Add(room.Epoch);
    }

    /// <summary>These regions are served, those without a room of their own by another's.</summary>
    public void ServeAll(IEnumerable<RegionId> regions)
    {
        foreach (var region in regions.Where(region => !_rooms.Exists(room => room.Serves(region))))
            _rooms[0].Serve(region);
    }

    public void Verified(RoomEpoch epoch) => _unverified.Remove(epoch);

    public void Remove(ActiveRoom room)
    {
        _rooms.Remove(room);
        _crowded.Clear();
        _unverified.Remove(room.Epoch);
    }

    public void Lose()
    {
        Lost = true;
        _placing.Clear();
        Endpoints.Clear();
    }

    // Once every answer is here, so that a region is not sent abroad while its own room is being opened.
    private void ServeTheRest()
    {
        if (Placing || _rooms.Count == 0)
            return;

        var host = _rooms.Find(room => !room.Leaving);
        foreach (var region in _unserved)
        {
            if (host is null)
                _rooms.ForEach(room => room.Stay());
            (host ?? _rooms[0]).Serve(region);
        }

        _unserved.Clear();
    }
}
