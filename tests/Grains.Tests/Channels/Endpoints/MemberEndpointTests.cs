using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Channels.Endpoints;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Tests.Channels.Endpoints;

/// <summary>Tests the rooms, the ticket and the generation of a member's endpoint.</summary>
public sealed class MemberEndpointTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(56);
    private static readonly LayoutEpoch Layout = new(1);

    private MemberEndpoint _endpoint = null!;
    private ActiveRoom _room = null!;
    private ActiveRoom _next = null!;

    [SetUp]
    public void CreateEndpoint()
    {
        _endpoint = new MemberEndpoint(Layout, new MemberNumber(7));
        _room = new ActiveRoom(new Room(MachineBench.NodeA, MachineBench.Local, new RoomEpoch(1)));
        _next = new ActiveRoom(new Room(MachineBench.NodeB, MachineBench.Local, new RoomEpoch(2)));
    }

    [Test]
    public void Endpoint_reference_matches_only_the_current_room_and_the_newest_generation()
    {
        _endpoint.Enter(_room);
        var first = _endpoint.At(_room.Room);
        Assert.That(_endpoint.Is(first));
        Assert.That(_endpoint.Is(_endpoint.At(_next.Room)), Is.False);

        _endpoint.StartNewConnection();
        Assert.That(_endpoint.Is(first), Is.False, "an answer of the node to the old connection is late");
        Assert.That(_endpoint.Is(first with { Generation = 1 }));
    }

    [Test]
    public void Moving_endpoint_counts_in_both_rooms_until_the_former_room_releases_the_endpoint()
    {
        _endpoint.Enter(_room);
        _endpoint.MoveTo(_next);
        Assert.That((_room.Population, _next.Population), Is.EqualTo((1, 1)));

        Assert.That(_endpoint.ReleaseFormer(), Is.SameAs(_room));
        Assert.That((_room.Population, _next.Population), Is.EqualTo((0, 1)));
        Assert.That(_endpoint.ReleaseFormer(), Is.Null);

        _endpoint.LeaveRooms();
        Assert.That(_next.Population, Is.Zero);
    }

    [Test]
    public void Endpoint_that_enters_a_room_leaves_the_previous_room()
    {
        _endpoint.Enter(_room);
        _endpoint.Enter(_next);
        Assert.That((_room.Population, _next.Population, _endpoint.Room), Is.EqualTo((0, 1, _next)));
    }

    [Test]
    public void Move_to_another_room_returns_the_transport_ticket_and_removes_it_from_the_endpoint()
    {
        _endpoint.Enter(_room);
        _endpoint.StoreTicket(Ticket(version: 1), Now);
        Assert.That(
            _endpoint.MoveTo(_next), Is.EqualTo(Ticket(version: 1)).Using<TransportTicket>((one, other) => one.Version == other.Version));
        Assert.That(_endpoint.Ticket, Is.Null);
    }

    [TestCase("ufrag", 2L, "ufrag", 3L, 3L, Description = "newer")]
    [TestCase("ufrag", 3L, "ufrag", 2L, 3L, Description = "older")]
    [TestCase("ufrag", 2L, "ufrag", 2L, 2L, Description = "repeated")]
    [TestCase("ufrag", 2L, "other", 3L, 2L, Description = "of another connection")]
    [TestCase("other", 2L, "ufrag", 3L, 3L, Description = "of the offered connection")]
    public void Transport_ticket_is_stored_only_if_newer_and_issued_for_the_current_connection(
        string ufrag, long version, string nextUfrag, long nextVersion, long stored)
    {
        _endpoint.StoreTicket(Ticket(version, ufrag), Now);
        _endpoint.SetOffer(MachineBench.Offer(Layout));
        _endpoint.StoreTicket(Ticket(nextVersion, nextUfrag), Now);
        Assert.That(_endpoint.Ticket!.Version, Is.EqualTo(stored));
    }

    [TestCase(0, true)]
    [TestCase(-1, true)]
    [TestCase(1, false)]
    [TestCase(null, false)]
    public void Transport_ticket_survives_the_loss_of_the_room_only_if_recent_enough(int? since, bool kept)
    {
        _endpoint.Enter(_room);
        _endpoint.StoreTicket(Ticket(version: 1), Now);
        var tickets = since is { } seconds ? new TicketValidity(Now.AddSeconds(seconds), Now) : null;
        Assert.That(_endpoint.OnRoomLost(_room, tickets), Is.Null);
        Assert.That((_endpoint.Room, _room.Population), Is.EqualTo(((ActiveRoom?)null, 0)));
        Assert.That(_endpoint.Ticket is not null, Is.EqualTo(kept));
    }

    [Test]
    public void Ticket_of_a_lost_room_expires_and_the_ticket_of_an_adopted_endpoint_does_not()
    {
        _endpoint.Enter(_room);
        _endpoint.StoreTicket(Ticket(version: 1), Now);
        _endpoint.OnRoomLost(_room, new TicketValidity(Now, Now));
        _endpoint.ExpireTicket(Now);
        Assert.That(_endpoint.Ticket, Is.Not.Null);
        _endpoint.ExpireTicket(Now.AddTicks(1));
        Assert.That(_endpoint.Ticket, Is.Null);

        _endpoint.Adopt(_next, Ticket(version: 2), Now);
        _endpoint.ExpireTicket(Now.AddDays(1));
        Assert.That(_endpoint.Ticket, Is.Not.Null);
    }

    [Test]
    public void Loss_of_the_new_room_during_a_move_ends_the_move_and_returns_the_former_room()
    {
        _endpoint.Enter(_room);
        _endpoint.MoveTo(_next);
        _endpoint.Move = new MoveState.Reviving(Now);
        Assert.That(_endpoint.OnRoomLost(_next, tickets: null), Is.SameAs(_room));
        Assert.That((_endpoint.Moving, _endpoint.Room, _endpoint.Former), Is.EqualTo((false, (ActiveRoom?)null, (ActiveRoom?)null)));
    }

    [Test]
    public void Loss_of_the_former_room_during_a_move_does_not_end_the_move()
    {
        _endpoint.Enter(_room);
        _endpoint.MoveTo(_next);
        _endpoint.Move = new MoveState.Reviving(Now);
        Assert.That(_endpoint.OnRoomLost(_room, tickets: null), Is.Null);
        Assert.That((_endpoint.Moving, _endpoint.Room, _endpoint.Former), Is.EqualTo((true, _next, (ActiveRoom?)null)));
    }

    [Test]
    public void New_connection_discards_the_offer_and_the_transport_ticket_of_the_previous_connection()
    {
        _endpoint.SetOffer(MachineBench.Offer(Layout));
        _endpoint.SetAnswered();
        _endpoint.StoreTicket(Ticket(version: 1), Now);
        _endpoint.SetBroken();
        _endpoint.StartNewConnection();
        Assert.That(_endpoint.InUse, Is.False);
        Assert.That((_endpoint.Generation, _endpoint.Failures, _endpoint.Broken), Is.EqualTo((1, 1, false)));
    }

    [Test]
    public void Successful_connection_resets_the_failure_count_but_not_the_generation_number()
    {
        _endpoint.StartNewConnection();
        _endpoint.StartNewConnection();
        _endpoint.SetConnected();
        Assert.That((_endpoint.Generation, _endpoint.Failures), Is.EqualTo((2, 0)));
    }

    [Test]
    public void Restored_endpoint_is_connected_and_has_no_offer()
    {
        var endpoint = MemberEndpoint.Restored(Layout, new MemberNumber(7));
        Assert.That(
            (endpoint.Answered, endpoint.Connected, endpoint.InUse, endpoint.Offer), Is.EqualTo((true, true, true, (SfuOffer?)null)));
    }

    private static TransportTicket Ticket(long version, string ufrag = "ufrag") => new(ufrag, [new Ssrc(1)], "AA", version, []);
}
