using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Cascade;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Tests.Channels;

/// <summary>
/// A simulation of the media nodes in a <see cref="ChannelLife"/>: rooms, endpoints, links and tickets. It fails the test if a channel
/// uses a ticket twice, links two rooms twice, or orders endpoints in a room that has not been verified since a restart.
/// </summary>
internal sealed class Nodes
{
    public static readonly RegionId Far = new("far");
    public static readonly MediaNodeId NodeC = new("c");
    public static readonly MediaNodeId[] All = [MachineBench.NodeA, MachineBench.NodeB, NodeC];

    private readonly HashSet<MediaNodeId> _live = [.. All];
    private readonly HashSet<MediaNodeId> _draining = [];
    private readonly Dictionary<(MediaNodeId Node, RoomEpoch Epoch), Dictionary<MemberNumber, HeldEndpoint>> _rooms = [];
    private readonly Dictionary<RoomPair, string> _links = [];
    private readonly HashSet<(Ssrc Connection, long Version)> _spent = [];
    private readonly HashSet<(MediaNodeId Node, RoomEpoch Epoch)> _unverified = [];
    private long _issued;
    private uint _connections;

    public IEnumerable<(MediaNodeId Node, RoomEpoch Epoch)> Rooms => _rooms.Keys;

    public IEnumerable<MemberNumber> Endpoints => _rooms.Values.SelectMany(endpoints => endpoints.Keys);

    public IEnumerable<RoomPair> Links => _links.Keys;

    public IReadOnlyCollection<MediaNodeId> Draining => _draining;

    public void Start(MediaNodeId node) => _live.Add(node);

    /// <summary>Starts all nodes; at most one of them is draining.</summary>
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
        CloseUnless(room => room.Node != node);
    }

    public void Drain(MediaNodeId node)
    {
        if (_live.Contains(node))
            _draining.Add(node);
    }

    /// <summary>Closes the rooms that the channel does not know after a restart; the channel must verify the others.</summary>
    public void Restart(IEnumerable<(MediaNodeId Node, RoomEpoch Epoch)> known)
    {
        // The node's grain closes a room that its channel does not renew.
        CloseUnless(known.Contains);
        _unverified.UnionWith(_rooms.Keys);
    }

    /// <summary>Checks an order when the channel decides it.</summary>
    public void Check(NodeOrder order)
    {
        if (order is not (AddEndpoint or ReviveEndpoint or HandOver))
            return;
        var room = ((EndpointOrder)order).Endpoint.Room;
        Assert.That(
            _unverified,
            Does.Not.Contain((room.Node, room.Epoch)),
            $"{order.GetType().Name} for a room that has not listed its endpoints");
    }

    /// <summary>Executes an order. Returns the answer, or null if the channel needs no answer to this order.</summary>
    /// <param name="random">Makes some orders fail; null: none fails.</param>
    public NodeAnswered? Execute(NodeOrder order, bool portable, Random? random, LifeTally reached)
    {
        switch (order)
        {
            case PlaceRoom place:
                var room = Place(place, random);
                reached.NoNode += room is null ? 1 : 0;
                reached.Shared += room is not null && place.Present.Contains(room) ? 1 : 0;
                return new NodeAnswered(order, room is null ? NodeOutcome.NoCapacity : NodeOutcome.Done) { Room = room };
            case VerifyRoom verify:
                _unverified.Remove((verify.Room.Node, verify.Room.Epoch));
                var listed = List(verify.Room, portable, random);
                reached.ReleasedListed += listed?.Endpoints.Count(endpoint => endpoint.Released) ?? 0;
                return new NodeAnswered(order, listed is null ? NodeOutcome.UnknownRoom : NodeOutcome.Done) { Listed = listed };
            case RenewRoom renew:
                return _rooms.ContainsKey((renew.Node, renew.Epoch)) ? null : new NodeAnswered(order, NodeOutcome.UnknownRoom);
            case CloseRoom close:
                Close(close.Node, close.Epoch);
                return null;
            case AddEndpoint add when !Has(add.Endpoint.Room):
                return new NodeAnswered(order, NodeOutcome.UnknownRoom);
            case AddEndpoint when random?.Next(12) == 0:
                return new NodeAnswered(order, NodeOutcome.Failed);
            case AddEndpoint add:
                var connection = new Ssrc(++_connections);
                _rooms[(add.Endpoint.Room.Node, add.Endpoint.Room.Epoch)][add.Endpoint.Number] = new HeldEndpoint(connection, Revivals: 0);
                return new NodeAnswered(order, NodeOutcome.Done) { Offer = Offer(add, connection) };
            case ReviveEndpoint revive:
                return Revive(revive, revive.Ticket, random, ref reached.Revived);
            case HandOver handOver when Find(handOver.From, handOver.Endpoint.Number) is { } released:
                return Release(released) is { } last
                    ? Revive(handOver, last, random, ref reached.HandedOver)
                    : new NodeAnswered(order, NodeOutcome.Failed);
            case HandOver:
                return new NodeAnswered(order, NodeOutcome.UnknownEndpoint);
            case RestartIce restart when Has(restart.Endpoint.Room) && random?.Next(4) != 0:
                reached.IceRestarts++;
                return new NodeAnswered(order, NodeOutcome.Done) { Offer = restart.Offer with { Restart = true } };
            case RestartIce:
                return new NodeAnswered(order, NodeOutcome.Failed);
            case UpdateEndpoint update:
                return Find(update.Endpoint.Room, update.Endpoint.Number) is not null
                    ? null
                    : new NodeAnswered(order, NodeOutcome.UnknownEndpoint);
            case RemoveEndpoint remove:
                _rooms.GetValueOrDefault((remove.Node, remove.Epoch))?.Remove(remove.Number);
                return null;
            case LinkRooms link when Has(link.Low) && Has(link.High):
                Link(link);
                reached.Linked++;
                return new NodeAnswered(order, NodeOutcome.Done);
            case LinkRooms:
                return new NodeAnswered(order, NodeOutcome.UnknownRoom);
            case UnlinkRoom unlink:
                foreach (var pair in _links.Where(link => link.Value == unlink.Name).Select(link => link.Key).ToArray())
                    _links.Remove(pair);
                return null;
            default:
                throw new ArgumentOutOfRangeException(nameof(order), order, "An order that no node knows.");
        }
    }

    /// <summary>Returns the next events that the nodes report: endpoints connect and receive tickets.</summary>
    /// <param name="random">Delays some connections and breaks some links; null: all endpoints connect and no link breaks.</param>
    public IEnumerable<(MediaNodeId Node, RoomEvent Event)> Events(Random? random)
    {
        foreach (var ((node, epoch), endpoints) in _rooms.ToArray())
        {
            foreach (var (number, endpoint) in endpoints.ToArray())
            {
                if (endpoint.IsConnected || endpoint.IsReleased || random?.Next(2) == 0)
                    continue;
                endpoint.IsConnected = true;
                yield return (node, new EndpointConnected(number) { Channel = MachineBench.Channel, Epoch = epoch });
                yield return (node, new EndpointTicketed(number, Issue(endpoint)) { Channel = MachineBench.Channel, Epoch = epoch });
            }

            var links = _links.Where(link => (link.Key.Low == epoch || link.Key.High == epoch) && random?.Next(4) == 0);
            foreach (var (_, name) in links.ToArray())
                yield return (node, new LinkLost(name) { Channel = MachineBench.Channel, Epoch = epoch });
        }
    }

    private static RegionId RegionOf(MediaNodeId node) => node == NodeC ? Far : MachineBench.Local;

    private bool Has(Room room) => _rooms.ContainsKey((room.Node, room.Epoch));

    private HeldEndpoint? Find(Room room, MemberNumber number) =>
        _rooms.GetValueOrDefault((room.Node, room.Epoch))?.GetValueOrDefault(number);

    private Room? Place(PlaceRoom place, Random? random)
    {
        var free = All.Where(node => _live.Contains(node) && !_draining.Contains(node) && !place.Avoid.Contains(node)).ToArray();
        if (free.Length == 0 || random?.Next(8) == 0)
            return null;
        var near = free.Where(node => RegionOf(node) == place.Region).ToArray();
        var choice = near.Length > 0 ? near : free;
        var node = place.Sticky is { } sticky && choice.Contains(sticky) ? sticky : choice[random?.Next(choice.Length) ?? 0];
        if (RegionOf(node) != place.Region && Array.Find(place.Present, room => room.Node == node) is { } shared)
            return shared;
        _rooms[(node, place.Epoch)] = [];
        return new Room(node, RegionOf(node), place.Epoch);
    }

    /// <summary>
    /// Returns the content of a room; null if no node holds it. Random endpoints are missing, as if they were lost while the channel was
    /// inactive.
    /// </summary>
    private ListedEndpoints? List(Room room, bool portable, Random? random)
    {
        if (!_rooms.TryGetValue((room.Node, room.Epoch), out var endpoints))
            return null;
        foreach (var number in endpoints.Keys.Where(_ => random?.Next(4) == 0).ToArray())
            endpoints.Remove(number);
        return new ListedEndpoints(
            [
                .. endpoints.Select(endpoint => new ListedEndpoint(endpoint.Key, portable ? endpoint.Value.Newest : null)
                {
                    Released = endpoint.Value.IsReleased,
                }),
            ],
            [.. _links.Where(link => link.Key.Low == room.Epoch || link.Key.High == room.Epoch).Select(link => link.Value)]);
    }

    private NodeAnswered Revive(EndpointOrder order, TransportTicket ticket, Random? random, ref int reached)
    {
        Assert.That(
            _spent.Add((ticket.SlotSsrcs[0], ticket.Version)), "a ticket was used twice, and with it the indices that it leaves open");
        var room = order.Endpoint.Room;
        if (!_rooms.TryGetValue((room.Node, room.Epoch), out var endpoints) || random?.Next(10) == 0)
            return new NodeAnswered(order, NodeOutcome.Failed);
        var revived = new HeldEndpoint(ticket.SlotSsrcs[0], (ticket.Version >> 32) + 1);
        endpoints[order.Endpoint.Number] = revived;
        Issue(revived);
        reached++;
        return new NodeAnswered(order, NodeOutcome.Done) { Offer = Offer(order, revived.Connection) };
    }

    private static SfuOffer Offer(EndpointOrder order, Ssrc connection) =>
        MachineBench.Offer(order.Endpoint.Layout) with { IceUfrag = $"ufrag{connection}", SlotSsrcs = [connection] };

    private void Link(LinkRooms link)
    {
        if (link.InPlaceOf is not null && _links.GetValueOrDefault(link.Pair) == link.InPlaceOf)
            _links.Remove(link.Pair);
        Assert.That(_links.TryAdd(link.Pair, link.Name), "two rooms are linked twice: their members would hear everything twice");
    }

    private void CloseUnless(Func<(MediaNodeId Node, RoomEpoch Epoch), bool> wanted)
    {
        foreach (var room in _rooms.Keys.Where(room => !wanted(room)).ToArray())
            Close(room.Node, room.Epoch);
    }

    private void Close(MediaNodeId node, RoomEpoch epoch)
    {
        _rooms.Remove((node, epoch));
        _unverified.Remove((node, epoch));
        foreach (var pair in _links.Keys.Where(pair => pair.Low == epoch || pair.High == epoch).ToArray())
            _links.Remove(pair);
    }

    /// <summary>Returns the last ticket of an endpoint for a hand-over; null if the endpoint was released before.</summary>
    private TransportTicket? Release(HeldEndpoint endpoint)
    {
        if (endpoint.IsReleased)
            return null;
        var last = Issue(endpoint);
        (endpoint.IsReleased, endpoint.Newest) = (true, null);
        return last;
    }

    private TransportTicket Issue(HeldEndpoint endpoint) =>
        endpoint.Newest = new($"ufrag{endpoint.Connection}", [endpoint.Connection], "AA", (endpoint.Revivals << 32) + ++_issued, []);

    /// <summary>An endpoint of a node.</summary>
    /// <param name="Connection">The SSRC of its slot, which every node of the connection keeps.</param>
    /// <param name="Revivals">The number of nodes that had the connection before.</param>
    private sealed record HeldEndpoint(Ssrc Connection, long Revivals)
    {
        public bool IsConnected { get; set; }

        public bool IsReleased { get; set; }

        public TransportTicket? Newest { get; set; }
    }
}
