using System.Net;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Workers;

namespace Hype.MediaNode.Tests.Workers;

public sealed class HandshakeGateTests
{
    private const long Second = 1_000_000;

    private readonly Room _room = new(new RoomKey("lobby", new RoomEpoch(1)), slots: 3, dtls: null!);
    private uint _members;
    private HandshakeGate _gate = null!;

    [SetUp]
    public void SetUp() =>
        _gate = new HandshakeGate(
            WorkerLimits.Default with { PendingHandshakes = 1_000_000, RoomHandshakes = 1_000_000, HandshakesPerAddress = 1 });

    [TestCase("192.0.2.1", "192.0.2.1", true)]
    [TestCase("192.0.2.1", "192.0.2.2", false)]
    [TestCase("2001:db8:1:2::1", "2001:db8:1:2::ffff", true, Description = "one /64 is one client")]
    [TestCase("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [TestCase("::1", "::2", true)]
    public void Addresses_in_one_IPv6_64_prefix_share_a_handshake_limit(string first, string second, bool same)
    {
        Assert.That(_gate.Begin(NewMember(), From(first), 0), Is.Null);
        Assert.That(
            _gate.Begin(NewMember(), From(second), 0),
            Is.EqualTo(same ? DropReason.TooManyHandshakesOfAddress : (DropReason?)null));
    }

    [Test]
    public void Address_at_its_handshake_limit_can_begin_another_handshake_a_second_later()
    {
        var from = From("192.0.2.1");
        Assert.That(_gate.Begin(NewMember(), from, 5), Is.Null);
        Assert.That(_gate.Begin(NewMember(), from, 4 + Second), Is.Not.Null);
        Assert.That(_gate.Begin(NewMember(), from, 5 + Second), Is.Null);
    }

    [Test]
    public void Full_table_of_handshakes_per_address_evicts_old_addresses_and_refuses_no_new_address()
    {
        // Each of them once: an evicted address is admitted once more, and no more than that.
        var refused = 0;
        for (var i = 0; i < 4 * HandshakeGate.Addresses; i++)
            refused += _gate.Begin(NewMember(), new TransportAddress(0x2001_0DB8_0000_0000UL + (ulong)i, 1, 5_000), i) is null ? 0 : 1;
        Assert.That(refused, Is.Zero);
    }

    [Test]
    public void Room_at_its_handshake_limit_does_not_block_the_members_of_another_room()
    {
        _gate = new HandshakeGate(WorkerLimits.Default with { RoomHandshakes = 2 });
        var from = From("192.0.2.1");
        var members = new[] { NewMember(), NewMember(), NewMember() };

        Assert.That(members.Select(member => _gate.Begin(member, from, 0)), Is.EqualTo(
            new DropReason?[] { null, null, DropReason.TooManyHandshakesOfRoom }));
        Assert.That(_gate.Begin(NewMember(new Room(new RoomKey("other", new RoomEpoch(1)), 3, null!)), from, 0), Is.Null);
        _gate.End(members[0]);
        Assert.That(_gate.Begin(members[2], from, 0), Is.Null);
    }

    [Test]
    public void Handshake_without_a_datagram_for_five_seconds_frees_its_place()
    {
        _gate = new HandshakeGate(WorkerLimits.Default with { PendingHandshakes = 2 });
        var (from, slow, silent) = (From("192.0.2.1"), NewMember(), NewMember());
        _gate.Begin(slow, from, 0);
        _gate.Begin(silent, from, 0);
        _gate.Continue(slow, 3 * Second);

        _gate.Tick(5 * Second);

        Assert.That(_gate.Pending, Is.EqualTo(1));
        Assert.That(_gate.Begin(NewMember(), from, 5 * Second), Is.Null);
        _gate.End(silent);
        Assert.That(_gate.Pending, Is.EqualTo(2), "the end of a stalled handshake frees no second place");
    }

    private RoomMember NewMember(Room? room = null) => new(room ?? _room, new MemberNumber(++_members), null!, null!, null!, null!);

    private static TransportAddress From(string address) => TransportAddress.From(new IPEndPoint(IPAddress.Parse(address), 5_000));
}
