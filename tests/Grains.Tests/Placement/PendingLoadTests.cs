using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Placement;

namespace Hype.Grains.Tests.Placement;

/// <summary>Tests the estimated load of rooms that no load report contains yet.</summary>
public sealed class PendingLoadTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private static readonly MediaNodeId A = new("a");

    private static NodeStatus Node(double load, int rooms, int workers = 1, string id = "a") => new()
    {
        Registration = new()
        {
            Node = new(id),
            Region = new("local"),
            Incarnation = Guid.Empty,
            ControlUrl = "",
            Version = "",
            Workers = workers,
        },
        Load = new() { Load = load, Rooms = rooms },
        LastHeartbeat = default,
    };

    private static double Expected(PendingLoad pending, NodeStatus node, DateTimeOffset now) =>
        pending.AddTo([node], now).Single().Load.Load;

    [Test]
    public void Newly_placed_room_adds_the_average_room_load_to_the_estimated_load_of_the_node()
    {
        var pending = new PendingLoad();
        pending.Placed(A, Start);
        Assert.That(Expected(pending, Node(0.4, rooms: 20), Start), Is.EqualTo(0.42).Within(1e-9));
        pending.Placed(A, Start);
        Assert.That(Expected(pending, Node(0.4, rooms: 20), Start), Is.EqualTo(0.44).Within(1e-9));
    }

    [Test]
    public void Newly_placed_room_counts_in_the_estimated_node_load_for_two_seconds()
    {
        var pending = new PendingLoad();
        pending.Placed(A, Start);
        pending.Placed(A, Start.AddSeconds(1));
        Assert.That(Expected(pending, Node(0.4, 20), Start.AddSeconds(1.9)), Is.EqualTo(0.44).Within(1e-9));
        Assert.That(Expected(pending, Node(0.4, 20), Start.AddSeconds(2)), Is.EqualTo(0.42).Within(1e-9));
        Assert.That(Expected(pending, Node(0.4, 20), Start.AddSeconds(3)), Is.EqualTo(0.4));
    }

    [Test]
    public void Newly_placed_room_does_not_change_the_estimated_load_of_other_nodes()
    {
        var pending = new PendingLoad();
        pending.Placed(A, Start);
        var other = Node(0.4, 20, id: "b");
        Assert.That(pending.AddTo([other], Start).Single(), Is.SameAs(other));
    }

    [Test]
    public void Room_on_a_node_without_rooms_has_an_estimated_load_of_one_percent_of_a_worker()
    {
        Assert.That(PendingLoad.ShareOfARoom(Node(0.02, rooms: 0, workers: 1)), Is.EqualTo(0.01));
        Assert.That(PendingLoad.ShareOfARoom(Node(0.02, rooms: 0, workers: 8)), Is.EqualTo(0.01 / 8));
    }

    [Test]
    public void Estimated_load_of_a_room_has_a_minimum_and_a_maximum()
    {
        Assert.That(PendingLoad.ShareOfARoom(Node(0, rooms: 100, workers: 2)), Is.EqualTo(0.005));
        Assert.That(PendingLoad.ShareOfARoom(Node(0.7, rooms: 1)), Is.EqualTo(0.05));
    }

    [Test]
    public void Estimated_node_load_is_below_full_load_unless_the_reported_load_is_full()
    {
        var pending = new PendingLoad();
        for (var room = 0; room < 100; room++)
            pending.Placed(A, Start);
        Assert.That(Expected(pending, Node(0.5, rooms: 1), Start), Is.EqualTo(0.99));
        Assert.That(Expected(pending, Node(1, rooms: 1), Start), Is.EqualTo(1));
    }

    [Test]
    public void Rooms_placed_within_a_second_are_spread_over_the_nodes()
    {
        var placement = new NodePlacement(new LessLoadedOfTwo(new Random(1)), new PlacementOptions());
        var pending = new PendingLoad();
        NodeStatus[] nodes = [.. Enumerable.Range(0, 10).Select(index => Node(index == 0 ? 0 : 0.05, rooms: 5, id: $"n{index}"))];
        for (var room = 0; room < 100; room++)
            pending.Placed(placement.WithRoom(pending.AddTo(nodes, Start), null, [])!.Registration.Node, Start);

        // By the reports alone n0 would be chosen whenever it is one of the two: 20 of 100.
        var rooms = pending.AddTo(nodes, Start).Zip(
            nodes, (after, before) => (after.Load.Load - before.Load.Load) / PendingLoad.ShareOfARoom(before));
        Assert.That(rooms.Max(), Is.LessThanOrEqualTo(15.001));
    }
}
