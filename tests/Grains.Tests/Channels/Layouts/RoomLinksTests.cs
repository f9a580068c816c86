using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Cascade;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Layouts;
using Hype.Grains.Channels.Options;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Tests.Channels.Layouts;

/// <summary>Tests the creation, replacement and removal of links while rooms open, close and fail.</summary>
public sealed class RoomLinksTests
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LinkTimeout = TimeSpan.FromSeconds(2);
    private static readonly RegionId[] Regions = [new("a"), new("b"), new("c")];

    private DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddYears(56);
    private EffectList _effects = null!;
    private LayoutTransition _layouts = null!;
    private RoomLinks _links = null!;

    private ActiveLayout Layout => _layouts.Current!;

    [SetUp]
    public void CreateLinks()
    {
        _effects = new EffectList();
        _layouts = new LayoutTransition(new ChannelOptions(), _effects);
        _links = new RoomLinks(_layouts, _effects, incarnation: 1);
    }

    [TestCase(1, 0)]
    [TestCase(2, 1)]
    [TestCase(3, 3)]
    public void Each_pair_of_rooms_is_linked_once(int rooms, int links)
    {
        OpenRooms(rooms);
        var made = Reconcile<LinkRooms>();
        Assert.That(made, Has.Length.EqualTo(links));
        Assert.That(made.Select(link => link.Pair), Is.Unique);
        Assert.That(made.Select(link => link.Name), Is.Unique);
        Assert.That(made.Select(link => link.InPlaceOf), Is.All.Null);
        Assert.That(Reconcile<LinkRooms>(), Is.Empty, "the orders are on their way");
    }

    [Test]
    public void Linked_rooms_count_as_connected_only_after_the_current_link_is_confirmed()
    {
        OpenRooms(2);
        var link = Reconcile<LinkRooms>().Single();
        Assert.That(_links.Connects(Layout.Rooms[0], Layout.Rooms[1], _now), Is.False);
        _links.OnLinked(link.Pair, "another link");
        Assert.That(_links.Connects(Layout.Rooms[0], Layout.Rooms[1], _now), Is.False, "the answer is about an older link");
        _links.OnLinked(link.Pair, link.Name);
        Assert.That(_links.Connects(Layout.Rooms[1], Layout.Rooms[0], _now));
        Assert.That(_links.Explain(), Is.EqualTo(new[] { new LinkExplanation(link.Pair.Low, link.Pair.High, true) }));
        Assert.That(_links.NextDeadline, Is.Null);
    }

    [Test]
    public void Rooms_with_an_unconfirmed_link_count_as_connected_after_the_link_timeout()
    {
        OpenRooms(2);
        Reconcile<LinkRooms>();
        Assert.That(_links.NextDeadline, Is.EqualTo(_now + LinkTimeout));
        _now += LinkTimeout;
        Assert.That(_links.Connects(Layout.Rooms[0], Layout.Rooms[1], _now));
        Reconcile<LinkRooms>();
        Assert.That(_links.NextDeadline, Is.Null, "the timer must not run again for a time that is past");
    }

    [Test]
    public void Failed_link_is_replaced_after_a_pause_by_a_link_with_another_name()
    {
        OpenRooms(2);
        var first = Reconcile<LinkRooms>().Single();
        _links.OnLinkFailed(first.Pair, _now);
        Assert.That(_links.NextDeadline, Is.EqualTo(_now + RetryDelay));
        Assert.That(Reconcile<LinkRooms>(), Is.Empty);

        _now += RetryDelay;
        var second = Reconcile<LinkRooms>().Single();
        Assert.That((second.Pair, second.InPlaceOf), Is.EqualTo((first.Pair, first.Name)));
        Assert.That(second.Name, Is.Not.EqualTo(first.Name));
        Assert.That(
            _links.Connects(Layout.Rooms[0], Layout.Rooms[1], _now), Is.False, "a retry does not extend the time that members wait");
        Assert.That(_links.Connects(Layout.Rooms[0], Layout.Rooms[1], _now + LinkTimeout - RetryDelay));
    }

    [Test]
    public void Lost_link_is_replaced_once_although_both_ends_report_the_loss()
    {
        OpenRooms(2);
        var first = Reconcile<LinkRooms>().Single();
        _links.OnLinked(first.Pair, first.Name);
        _links.OnLinkLost(first.Name, _now);
        Assert.That(Reconcile<LinkRooms>(), Is.Empty, "a link that is this young may not carry packets yet");

        _now += RetryDelay + TimeSpan.FromMilliseconds(1);
        _links.OnLinkLost(first.Name, _now);
        var second = Reconcile<LinkRooms>().Single();
        Assert.That(second.InPlaceOf, Is.EqualTo(first.Name));
        _links.OnLinkLost(first.Name, _now);
        Assert.That(Reconcile<LinkRooms>(), Is.Empty, "the report of the other end is about the old link");
    }

    [Test]
    public void Link_to_a_closed_room_is_removed_from_the_remaining_room()
    {
        OpenRooms(3);
        var links = Reconcile<LinkRooms>();
        var closed = Layout.Rooms[1];
        Layout.RemoveRoom(closed);
        var removed = Reconcile<UnlinkRoom>();
        var expected = links.Where(link => link.Pair.Low == closed.Epoch || link.Pair.High == closed.Epoch).ToArray();
        Assert.That(removed.Select(unlink => unlink.Name), Is.EquivalentTo(expected.Select(link => link.Name)));
        Assert.That(removed.Select(unlink => unlink.Room), Is.EquivalentTo(Layout.Rooms.Select(room => room.Room)));
        Assert.That(_links.Explain().Count(), Is.EqualTo(1));
    }

    [Test]
    public void Link_listed_by_both_rooms_after_a_restart_is_reused_and_other_links_are_removed()
    {
        var rooms = RestoreRooms(2);
        Assert.That(Reconcile<LinkRooms>(), Is.Empty, "the rooms have not listed their links yet");

        List(rooms[0], "shared", "only low");
        Assert.That(Reconcile<ChannelEffect>(), Is.Empty);
        List(rooms[1], "shared", "only high");
        Assert.That(
            Reconcile<UnlinkRoom>().Select(unlink => (unlink.Name, unlink.Room)),
            Is.EquivalentTo(new[] { ("only low", rooms[0].Room), ("only high", rooms[1].Room) }));
        Assert.That(_links.Connects(rooms[0], rooms[1], _now));
    }

    [Test]
    public void Rooms_that_list_no_link_after_a_restart_are_linked()
    {
        var rooms = RestoreRooms(2);
        List(rooms[0]);
        List(rooms[1]);
        Assert.That(Reconcile<LinkRooms>().Single().Pair, Is.EqualTo(new RoomPair(rooms[0].Epoch, rooms[1].Epoch)));
    }

    [Test]
    public void Lost_link_sets_no_deadline_while_another_room_has_not_listed_its_links_after_a_restart()
    {
        var rooms = RestoreRooms(3);
        List(rooms[0], "shared");
        List(rooms[1], "shared");
        _now += RetryDelay + TimeSpan.FromMilliseconds(1);

        _links.OnLinkLost("shared", _now);
        Assert.That(Reconcile<LinkRooms>(), Is.Empty, "the missing links are not known yet");
        Assert.That(_links.NextDeadline, Is.Null, "the timer would run again and again until the room answers");

        List(rooms[2]);
        Assert.That(Reconcile<LinkRooms>().Select(link => link.InPlaceOf), Has.One.EqualTo("shared"));
    }

    [Test]
    public void Clear_removes_all_room_links_and_the_deadline()
    {
        OpenRooms(2);
        Reconcile<LinkRooms>();
        _links.Clear();
        Assert.That(_links.Explain(), Is.Empty);
        Assert.That(_links.NextDeadline, Is.Null);
    }

    private void OpenRooms(int count)
    {
        _layouts.Open(ChannelMode.Sfu, ModeReason.Policy, Regions[..count], elsewhere: false, _now);
        foreach (var request in _effects.Take().OfType<PlaceRoom>())
            _layouts.OnRoomOpened(request.Layout, request.Region, new Room(MachineBench.NodeA, request.Region, request.Epoch), _now);
        _effects.Take();
    }

    private IReadOnlyList<ActiveRoom> RestoreRooms(int count)
    {
        var layout = new ActiveLayout(new Layout(new LayoutEpoch(1), ChannelMode.Sfu, ModeReason.Policy, _now));
        for (var room = 0; room < count; room++)
            layout.RestoreRoom(new RoomAssignment(Regions[room], MachineBench.NodeA, new RoomEpoch(room + 1), new LayoutEpoch(1)));
        _layouts.Restore(layout, pending: null, _now);
        return layout.Rooms;
    }

    private void List(ActiveRoom room, params string[] links)
    {
        _links.OnLinksListed(room.Room, links, _now);
        Layout.SetVerified(room.Epoch);
    }

    private T[] Reconcile<T>() where T : ChannelEffect
    {
        _links.Reconcile(_now);
        return [.. _effects.Take().OfType<T>()];
    }
}
