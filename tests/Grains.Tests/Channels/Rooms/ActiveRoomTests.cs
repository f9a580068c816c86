using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Tests.Channels.Rooms;

/// <summary>Tests the regions that a room serves, and the count of its endpoints.</summary>
public sealed class ActiveRoomTests
{
    private static readonly RegionId Far = new("far");

    private ActiveRoom _room = null!;

    [SetUp]
    public void CreateRoom()
    {
        _room = new ActiveRoom(new Room(MachineBench.NodeA, MachineBench.Local, new RoomEpoch(3)));
        _room.Serve(MachineBench.Local);
    }

    [Test]
    public void Room_serves_only_the_regions_assigned_to_the_room()
    {
        Assert.That((_room.Serves(MachineBench.Local), _room.Serves(Far)), Is.EqualTo((true, false)));
        _room.Serve(Far);
        Assert.That(_room.Serves(Far));
        Assert.That(_room.Regions, Is.EquivalentTo(new[] { MachineBench.Local, Far }));
    }

    [Test]
    public void Draining_room_serves_no_region_until_the_drain_is_cancelled()
    {
        _room.Drain();
        Assert.That((_room.Draining, _room.Serves(MachineBench.Local)), Is.EqualTo((true, false)));
        Assert.That(_room.Regions, Is.EquivalentTo(new[] { MachineBench.Local }), "its members are still there");
        _room.CancelDrain();
        Assert.That((_room.Draining, _room.Serves(MachineBench.Local)), Is.EqualTo((false, true)));
    }

    [Test]
    public void Room_population_is_the_number_of_entered_endpoints_minus_the_exited_endpoints()
    {
        _room.Enter();
        _room.Enter();
        _room.Exit();
        Assert.That(_room.Population, Is.EqualTo(1));
    }
}
