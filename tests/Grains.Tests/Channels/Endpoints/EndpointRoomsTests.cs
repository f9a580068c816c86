using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Endpoints;
using Hype.Grains.Channels.Layouts;
using Hype.Grains.Channels.Options;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Tests.Channels.Endpoints;

/// <summary>
/// Tests the rooms that members get in a layout over several steps: rooms are requested, opened, filled, drained and closed.
/// </summary>
public sealed class EndpointRoomsTests
{
    private const int Capacity = 2;

    private static readonly RegionId Local = MachineBench.Local;
    private static readonly RegionId Far = new("far");
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(56);

    private EffectList _effects = null!;
    private LayoutTransition _layouts = null!;
    private RoomLinks _links = null!;
    private EndpointRooms _rooms = null!;
    private ActiveLayout _layout = null!;

    [SetUp]
    public void OpenLayout()
    {
        _effects = new EffectList();
        _layouts = new LayoutTransition(new ChannelOptions { RoomCapacity = Capacity }, _effects);
        _links = new RoomLinks(_layouts, _effects, incarnation: 1);
        _rooms = new EndpointRooms(Capacity, _layouts, _links, _effects);
        _layouts.Open(ChannelMode.Sfu, ModeReason.Policy, [Local], elsewhere: false, Now);
        _layout = _layouts.Current!;
        Open(Local);
    }

    [Test]
    public void Member_gets_the_room_of_its_region_if_the_room_is_not_full()
    {
        var room = _rooms.Assign(_layout, Local)!;
        room.Enter();
        Assert.That(_rooms.Assign(_layout, Local), Is.SameAs(room));
        Assert.That(Requests(), Is.Empty);
    }

    [Test]
    public void Repeated_assignments_with_a_full_room_request_another_room_only_once()
    {
        Fill(_layout.Rooms[0]);
        Assert.That(_rooms.Assign(_layout, Local), Is.Null);
        Assert.That(_rooms.Assign(_layout, Local), Is.Null, "the request is on its way");
        var request = Requests().Single();
        Assert.That((request.Region, request.Present), Is.EqualTo((Local, Array.Empty<Room>())));
    }

    [Test]
    public void Room_request_for_a_region_without_a_room_lists_the_existing_rooms()
    {
        Assert.That(_rooms.Assign(_layout, Far), Is.Null);
        var request = Requests().Single();
        Assert.That((request.Region, request.Present.Single()), Is.EqualTo((Far, _layout.Rooms[0].Room)));
    }

    [Test]
    public void Full_room_accepts_members_when_no_node_has_capacity()
    {
        Fill(_layout.Rooms[0]);
        _rooms.Assign(_layout, Local);
        Assert.That(_layouts.OnPlacementFailed(_layout.Epoch, Local, Now), Is.False);
        Assert.That(_rooms.Assign(_layout, Local), Is.SameAs(_layout.Rooms[0]));
    }

    [Test]
    public void Replaced_connection_uses_the_room_of_the_region_even_if_full_else_the_previous_room()
    {
        var room = _layout.Rooms[0];
        Fill(room);
        Assert.That(RoomAssigner.AssignAgain(_layout.Rooms, Local, present: null), Is.SameAs(room));
        Assert.That(RoomAssigner.AssignAgain(_layout.Rooms, Far, present: room), Is.SameAs(room));
        Assert.That(RoomAssigner.AssignAgain(_layout.Rooms, Far, present: null), Is.Null);
    }

    [Test]
    public void Member_moves_out_of_a_draining_room_only_after_the_rooms_are_linked()
    {
        var (old, next) = DrainFirst();
        Assert.That(_rooms.AssignNext(_layout, Local, old, Now), Is.Null, "the others would not hear the member");

        _links.Reconcile(Now);
        Assert.That(_rooms.AssignNext(_layout, Local, old, Now), Is.Null);
        var link = _effects.Take().OfType<LinkRooms>().Single();
        _links.OnLinked(link.Pair, link.Name);
        Assert.That(_rooms.AssignNext(_layout, Local, old, Now), Is.SameAs(next));
    }

    [Test]
    public void Empty_draining_room_closes_when_another_room_is_open()
    {
        var (old, next) = DrainFirst();
        _rooms.CloseEmptyRooms(_layout);
        Assert.That(_effects.Take().OfType<CloseRoom>().Single(), Is.EqualTo(new CloseRoom(old.Epoch, old.Node)));
        Assert.That(_layout.Rooms, Is.EqualTo(new[] { next }), "members move into the new one, which is empty too");
    }

    [Test]
    public void Occupied_rooms_and_the_last_room_stay_open()
    {
        _rooms.CloseEmptyRooms(_layout);
        Assert.That(_layout.Rooms, Has.Count.EqualTo(1), "the last room");

        Fill(_layout.Rooms[0]);
        _rooms.Assign(_layout, Local);
        Open(Local);
        _layout.Rooms[1].Enter();
        _rooms.CloseEmptyRooms(_layout);
        Assert.That(_layout.Rooms, Has.Count.EqualTo(2));
    }

    [Test]
    public void Empty_room_stays_open_while_another_room_is_requested()
    {
        Fill(_layout.Rooms[0]);
        _rooms.Assign(_layout, Local);
        Open(Local);
        _rooms.Assign(_layout, Far);
        _rooms.CloseEmptyRooms(_layout);
        Assert.That(_layout.Rooms, Has.Count.EqualTo(2), "the region that waits may share it");
    }

    [Test]
    public void Empty_second_room_of_a_region_closes()
    {
        Fill(_layout.Rooms[0]);
        _rooms.Assign(_layout, Local);
        Open(Local);
        var second = _layout.Rooms[1];
        _rooms.CloseEmptyRooms(_layout);
        Assert.That(_layout.Rooms, Has.No.Member(second));
        Assert.That(_effects.Take().OfType<CloseRoom>().Single().Epoch, Is.EqualTo(second.Epoch));
    }

    private (ActiveRoom Old, ActiveRoom Next) DrainFirst()
    {
        var old = _layout.Rooms[0];
        old.Drain();
        Assert.That(_rooms.Assign(_layout, Local), Is.Null);
        Open(Local);
        return (old, _layout.Rooms[1]);
    }

    private void Open(RegionId region)
    {
        var request = _effects.Take().OfType<PlaceRoom>().Last();
        _layouts.OnRoomOpened(request.Layout, region, new Room(MachineBench.NodeA, region, request.Epoch), Now);
    }

    private IEnumerable<PlaceRoom> Requests() => _effects.Take().OfType<PlaceRoom>();

    private static void Fill(ActiveRoom room)
    {
        for (var member = 0; member < Capacity; member++)
            room.Enter();
    }
}
