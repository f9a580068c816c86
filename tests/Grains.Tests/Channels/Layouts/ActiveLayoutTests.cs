using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Channels.Endpoints;
using Hype.Grains.Channels.Layouts;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Tests.Channels.Layouts;

/// <summary>Tests how the rooms of a layout are requested, opened, shared between regions, restored and lost.</summary>
public sealed class ActiveLayoutTests
{
    private const int Capacity = 2;

    private static readonly RegionId North = new("north");
    private static readonly RegionId South = new("south");

    private ActiveLayout _layout = null!;

    [SetUp]
    public void CreateLayout() => _layout = Create(ChannelMode.Sfu);

    [Test]
    public void Mesh_layout_carries_audio_without_a_room_and_an_sfu_layout_only_with_an_open_room()
    {
        Assert.That(Create(ChannelMode.P2P).CarriesAudio);
        Assert.That(_layout.CarriesAudio, Is.False);
        Open(North, 3);
        Assert.That(_layout.CarriesAudio);
    }

    [Test]
    public void Request_for_a_room_is_pending_until_the_room_opens()
    {
        _layout.ExpectRoom(North, new RoomEpoch(3));
        Assert.That(
            (_layout.Placing, _layout.IsPlacing(North), _layout.IsPlacing(new RoomEpoch(3)), _layout.IsPlacing(South)),
            Is.EqualTo((true, true, true, false)));
        _layout.AddRoom(North, RoomOf(North, 3));
        Assert.That((_layout.Placing, _layout.EpochTaken), Is.EqualTo((false, true)));
        Assert.That(
            _layout.Assignments,
            Is.EqualTo(new[] { new RoomAssignment(North, MachineBench.NodeA, new RoomEpoch(3), new LayoutEpoch(2)) }));
    }

    [Test]
    public void Room_that_opens_for_a_second_region_serves_both_regions()
    {
        Open(North, 3);
        _layout.ExpectRoom(South, new RoomEpoch(4));
        _layout.AddRoom(South, RoomOf(North, 3));
        Assert.That(_layout.Rooms, Has.Count.EqualTo(1));
        Assert.That(RoomFor(South), Is.SameAs(RoomFor(North)));
    }

    [Test]
    public void Region_without_capacity_uses_a_room_of_another_region_after_all_placements_have_ended()
    {
        _layout.ExpectRoom(North, new RoomEpoch(3));
        _layout.ExpectRoom(South, new RoomEpoch(4));
        Assert.That(_layout.OnPlacementFailed(South), "the other answer may bring a room");
        Assert.That(RoomFor(South), Is.Null);
        _layout.AddRoom(North, RoomOf(North, 3));
        Assert.That(RoomFor(South)!.Room.Region, Is.EqualTo(North));
    }

    [Test]
    public void OnPlacementFailed_returns_false_for_the_only_requested_room()
    {
        _layout.ExpectRoom(North, new RoomEpoch(3));
        Assert.That(_layout.OnPlacementFailed(North), Is.False);
    }

    [Test]
    public void Failed_placement_cancels_the_drain_of_the_only_room()
    {
        var room = Open(North, 3);
        room.Drain();
        _layout.ExpectRoom(North, new RoomEpoch(4));
        _layout.OnPlacementFailed(North);
        Assert.That((room.Draining, RoomFor(North)), Is.EqualTo((false, room)));
    }

    [Test]
    public void Full_room_accepts_members_after_a_failed_placement_until_another_room_opens()
    {
        var room = Open(North, 3);
        Fill(room);
        Assert.That(RoomFor(North), Is.Null);

        _layout.ExpectRoom(North, new RoomEpoch(4));
        _layout.OnPlacementFailed(North);
        Assert.That(RoomFor(North), Is.SameAs(room));

        var second = Open(North, 5);
        Assert.That(RoomFor(North), Is.SameAs(second));
        Fill(second);
        Assert.That(RoomFor(North), Is.Null, "another room can be requested again");
    }

    [Test]
    public void Full_or_draining_room_is_not_shared_with_another_region()
    {
        var room = Open(North, 3);
        Assert.That((_layout.RoomIn(North, Capacity), _layout.RoomIn(South, Capacity)), Is.EqualTo((room, (ActiveRoom?)null)));
        Fill(room);
        Assert.That(_layout.RoomIn(North, Capacity), Is.Null);
        room.Exit();
        room.Drain();
        Assert.That(_layout.RoomIn(North, Capacity), Is.Null);
    }

    [Test]
    public void Restored_layout_is_unverified_until_each_room_is_verified_or_removed()
    {
        _layout.RestoreRoom(Assignment(North, 3));
        _layout.RestoreRoom(Assignment(South, 4));
        Assert.That((_layout.Unverified, _layout.EpochTaken), Is.EqualTo((true, true)));
        _layout.SetVerified(new RoomEpoch(3));
        Assert.That(_layout.Unverified);
        _layout.RemoveRoom(_layout.Find(new RoomEpoch(4))!);
        Assert.That(_layout.Unverified, Is.False);
    }

    [Test]
    public void Restored_room_serves_the_own_region_and_the_first_room_also_serves_all_other_regions()
    {
        _layout.RestoreRoom(Assignment(North, 3));
        _layout.RestoreRoom(Assignment(South, 4));
        _layout.ServeRegions([North, South, new RegionId("west")]);
        Assert.That(RoomFor(South)!.Epoch, Is.EqualTo(new RoomEpoch(4)));
        Assert.That(RoomFor(new RegionId("west"))!.Epoch, Is.EqualTo(new RoomEpoch(3)));
    }

    [Test]
    public void Layout_marked_as_lost_has_no_pending_room_requests_and_no_endpoints()
    {
        _layout.ExpectRoom(North, new RoomEpoch(3));
        _layout.Endpoints.Add(new MemberNumber(1), new MemberEndpoint(_layout.Epoch, new MemberNumber(1)));
        _layout.SetLost();
        Assert.That((_layout.Lost, _layout.Placing, _layout.Endpoints.Count), Is.EqualTo((true, false, 0)));
    }

    private static ActiveLayout Create(ChannelMode mode) =>
        new(new Layout(new LayoutEpoch(2), mode, ModeReason.Policy, DateTimeOffset.UnixEpoch));

    private static Room RoomOf(RegionId region, int epoch) => new(MachineBench.NodeA, region, new RoomEpoch(epoch));

    private static RoomAssignment Assignment(RegionId region, int epoch) =>
        new(region, MachineBench.NodeA, new RoomEpoch(epoch), new LayoutEpoch(2));

    private ActiveRoom Open(RegionId region, int epoch)
    {
        _layout.ExpectRoom(region, new RoomEpoch(epoch));
        _layout.AddRoom(region, RoomOf(region, epoch));
        return _layout.Find(new RoomEpoch(epoch))!;
    }

    /// <summary>Returns the room that a member of the region gets; null if there is none.</summary>
    private ActiveRoom? RoomFor(RegionId region)
    {
        var decision = new RoomAssigner(Capacity).Assign(_layout.Rooms, region, _layout.IsCrowded(region), _layout.IsPlacing(region));
        return (decision as RoomDecision.Use)?.Room;
    }

    private static void Fill(ActiveRoom room)
    {
        while (room.Population < Capacity)
            room.Enter();
    }
}
