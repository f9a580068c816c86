using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Regions;
using Hype.Grains.Cascade;
using Hype.Grains.Channels;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Tests.Channels;

/// <summary>
/// The media nodes of a random life: their rooms, who is in them, the links, and the tickets that they gave. Holds what no channel
/// may ever do: use a ticket twice.
/// </summary>
internal sealed class Nodes(Random random)
{
    public static readonly RegionId Far = new("far");
    public static readonly MediaNodeId NodeC = new("c");
    public static readonly MediaNodeId[] All = [MachineBench.NodeA, MachineBench.NodeB, NodeC];

    private readonly HashSet<MediaNodeId> _live = [.. All];
    private readonly HashSet<MediaNodeId> _draining = [];
    private readonly Dictionary<(MediaNodeId Node, RoomEpoch Epoch), Dictionary<MemberNumber, bool>> _rooms = [];
    private readonly Dictionary<RoomPair, string> _links = [];
    private readonly HashSet<long> _spent = [];
    private long _version;

    public IEnumerable<(MediaNodeId Node, RoomEpoch Epoch)> Rooms => _rooms.Keys;

    public IEnumerable<(MemberNumber Number, RoomEpoch Epoch)> Seats => _rooms.SelectMany(room => room.Value.Keys.Select(number => (number, room.Key.Epoch)));

    public IEnumerable<RoomPair> Links => _links.Keys;

    public IReadOnlyCollection<MediaNodeId> Draining => _draining;

    public void Start(MediaNodeId node) => _live.Add(node);

    /// <summary>The world is kind: every node is there, and one at most is to be empty.</summary>
    public void StartAll()
    {
        _live.UnionWith(All);
        while (_draining.Count > 1)
            _draining.Remove(_draining.First());
    }

    public void Kill(MediaNodeId node)
    {
        _live.Remove(node);
        _draining.Remove(node);
        foreach (var room in _rooms.Keys.Where(room => room.Node == node).ToArray())
            Close(room);
    }

    public void Drain(MediaNodeId node)
    {
        if (_live.Contains(node))
            _draining.Add(node);
    }

    public Room? Place(PlaceRoom place, bool lucky)
    {
        var free = _live.Except(place.Avoid).Except(_draining).ToArray();
        if (free.Length == 0 || (!lucky && random.Next(8) == 0))
            return null;

        var near = free.Where(node => RegionOf(node) == place.Region).ToArray();
        var choice = near.Length > 0 ? near : free;
        var node = place.Sticky is { } sticky && choice.Contains(sticky) ? sticky : choice[random.Next(choice.Length)];
        if (RegionOf(node) != place.Region && Array.Find(place.Present, room => room.Node == node) is { } shared)
            return shared;

        _rooms[(node, place.Epoch)] = [];
        return new Room(node, RegionOf(node), place.Epoch);
    }

    public bool Has(Room room) => _rooms.ContainsKey((room.Node, room.Epoch));

    public bool Has(Room room, MemberNumber number) => _rooms.TryGetValue((room.Node, room.Epoch), out var seats) && seats.ContainsKey(number);

    /// <summary>Who is in a room; null when there is none. Some were lost while nobody looked.</summary>
    public ListedEndpoints? List(Room room, bool portable)
    {
        if (!_rooms.TryGetValue((room.Node, room.Epoch), out var seats))
            return null;

        foreach (var number in seats.Keys.Where(_ => random.Next(4) == 0).ToArray())
            seats.Remove(number);
        return new ListedEndpoints(
            VoiceError.None,
            [.. seats.Keys.Select(number => new ListedEndpoint(number, portable && random.Next(3) > 0 ? NewTicket() : null))],
            [.. _links.Where(link => link.Key.Low == room.Epoch || link.Key.High == room.Epoch).Select(link => link.Value)]);
    }

    public void Add(Room room, MemberNumber number) => _rooms[(room.Node, room.Epoch)][number] = false;

    public bool Revive(Room room, MemberNumber number, TransportTicket ticket)
    {
        Assert.That(_spent.Add(ticket.Version), "a ticket was used twice: so are the indices that it leaves open");
        if (!_rooms.TryGetValue((room.Node, room.Epoch), out var seats) || random.Next(10) == 0)
            return false;

        seats[number] = false;
        return true;
    }

    public TransportTicket? Release(Room room, MemberNumber number) => Has(room, number) ? NewTicket() : null;

    public void Remove(RemoveEndpoint remove)
    {
        if (_rooms.TryGetValue((remove.Node, remove.Epoch), out var seats))
            seats.Remove(remove.Number);
    }

    public void Close(CloseRoom close) => Close((close.Node, close.Epoch));

    public void CloseUnless(Func<(MediaNodeId Node, RoomEpoch Epoch), bool> wanted)
    {
        foreach (var room in _rooms.Keys.Where(room => !wanted(room)).ToArray())
            Close(room);
    }

    public bool Link(LinkRooms link)
    {
        if (!Has(link.Low) || !Has(link.High))
            return false;

        if (link.InPlaceOf is not null && _links.GetValueOrDefault(link.Pair) == link.InPlaceOf)
            _links.Remove(link.Pair);
        Assert.That(_links.TryAdd(link.Pair, link.Name), "two rooms are linked twice: every word would be heard twice");
        return true;
    }

    public void Unlink(UnlinkRoom unlink)
    {
        foreach (var pair in _links.Where(link => link.Value == unlink.Name).Select(link => link.Key).ToArray())
            _links.Remove(pair);
    }

    /// <summary>What the nodes have to tell: who connected, a ticket for each who is.</summary>
    /// <param name="all">Everyone connects now; else some do, and sometimes a link is lost.</param>
    public IEnumerable<(MediaNodeId Node, RoomEvent Event)> Events(bool all)
    {
        foreach (var ((node, epoch), seats) in _rooms.ToArray())
        {
            foreach (var (number, connected) in seats.ToArray())
            {
                if (connected || (!all && random.Next(2) == 0))
                    continue;

                seats[number] = true;
                yield return (node, new EndpointConnected(number) { Channel = MachineBench.Channel, Epoch = epoch });
                yield return (node, new EndpointTicketed(number, NewTicket()) { Channel = MachineBench.Channel, Epoch = epoch });
            }

            foreach (var (_, name) in _links.Where(link => !all && random.Next(4) == 0 && (link.Key.Low == epoch || link.Key.High == epoch)).ToArray())
                yield return (node, new LinkLost(name) { Channel = MachineBench.Channel, Epoch = epoch });
        }
    }

    private static RegionId RegionOf(MediaNodeId node) => node == NodeC ? Far : MachineBench.Local;

    private TransportTicket NewTicket() => new("ufrag", [new(1)], "AA", ++_version, []);

    private void Close((MediaNodeId Node, RoomEpoch Epoch) room)
    {
        _rooms.Remove(room);
        foreach (var pair in _links.Keys.Where(pair => pair.Low == room.Epoch || pair.High == room.Epoch).ToArray())
            _links.Remove(pair);
    }
}
