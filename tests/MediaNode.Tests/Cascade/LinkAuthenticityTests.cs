using System.Security.Cryptography;
using Hype.MediaClient;
using Hype.MediaNode.Cascade;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Net;
using Hype.MediaNode.Tests.Workers;

namespace Hype.MediaNode.Tests.Cascade;

/// <summary>
/// Tests the authentication of link packets: a packet is accepted by the link's key. Its SSRC only finds the link, and its source address
/// proves nothing.
/// </summary>
public sealed class LinkAuthenticityTests
{
    private static readonly TransportAddress Stranger = TransportAddress.FromIPv4([203, 0, 113, 9], 9);

    private CascadeBench _bench = null!;
    private TestPeer _speaker = null!;
    private TestPeer _listener = null!;

    private DropCounters Drops => _bench.Rooms[1].Drops;

    [SetUp]
    public void Connect()
    {
        _bench = new CascadeBench(rooms: 2);
        (_speaker, _listener) = (_bench.Rooms[0].Connect(1), _bench.Rooms[1].Connect(2));
        _bench.Talk(5, _speaker);
    }

    [TearDown]
    public void Leave() => _bench.Dispose();

    [Test]
    public void Authentic_link_packet_is_accepted_from_any_address()
    {
        _bench.Loses = static (_, _) => true;
        _bench.Frame(5, _speaker);

        _bench.Arrive(1, _bench.MediaOnLinks.Last().Datagram, Stranger);

        Assert.That(_listener.Heard[^1].Word, Is.EqualTo(5));
    }

    [Test]
    public void Forged_link_packet_is_dropped_and_does_not_affect_later_packets()
    {
        var forged = (byte[])_bench.MediaOnLinks.Last().Datagram.Clone();
        // The next sequence number, and a byte of the payload.
        forged[3]++;
        forged[^20] ^= 1;

        _bench.Arrive(1, forged, CascadeBench.AddressOf(0));
        _bench.Frame(5, _speaker);

        Assert.That(Drops[DropReason.SrtpUnauthenticated], Is.EqualTo(1));
        Assert.That(_listener.Heard.Select(heard => heard.Word), Is.EqualTo(Enumerable.Range(0, 6)));
    }

    [Test]
    public void Packet_received_twice_over_a_link_is_forwarded_once()
    {
        _bench.Arrive(1, _bench.MediaOnLinks.Last().Datagram, CascadeBench.AddressOf(0));

        Assert.That(Drops[DropReason.SrtpReplayed], Is.EqualTo(1));
        Assert.That(_listener.Heard, Has.Count.EqualTo(5));
    }

    [Test]
    public void Link_packet_with_an_unknown_SSRC_is_dropped()
    {
        var unknown = (byte[])_bench.MediaOnLinks.Last().Datagram.Clone();
        unknown[8] ^= 0x40;
        var before = Drops[DropReason.UnknownAddress];

        _bench.Arrive(1, unknown, CascadeBench.AddressOf(0));
        _bench.Arrive(1, [0x80, 111, 0, 1], CascadeBench.AddressOf(0));
        _bench.Arrive(1, [0x80, 201, 0, 1], CascadeBench.AddressOf(0));

        Assert.That(Drops[DropReason.UnknownAddress] - before, Is.EqualTo(3));
        Assert.That(_listener.Heard, Has.Count.EqualTo(5));
    }

    [Test]
    public void Link_is_reported_as_lost_by_both_ends_if_the_keys_of_the_two_ends_differ()
    {
        using var bench = new CascadeBench(rooms: 2, linked: false);
        var (one, other) = bench.Describe(0, 1);
        bench.Add(0, one);
        var (sendKey, receiveKey) =
            (RandomNumberGenerator.GetBytes(LinkSpec.KeyLength), RandomNumberGenerator.GetBytes(LinkSpec.KeyLength));
        bench.Add(1, other with { SendKey = sendKey, ReceiveKey = receiveKey });
        var (speaker, listener) = (bench.Rooms[0].Connect(1), bench.Rooms[1].Connect(2));

        bench.Talk(20, speaker);
        bench.Advance(TimeSpan.FromSeconds(4));

        Assert.That(listener.Heard, Is.Empty);
        Assert.That(bench.Rooms[1].Drops[DropReason.SrtpUnauthenticated], Is.GreaterThanOrEqualTo(20));
        Assert.That(bench.LinksLost(0), Is.EqualTo(new[] { CascadeBench.NameOf(0, 1) }));
        Assert.That(bench.LinksLost(1), Is.EqualTo(new[] { CascadeBench.NameOf(0, 1) }));
    }

    [Test]
    public void Member_cannot_claim_the_address_of_a_linked_worker_with_an_ICE_check()
    {
        // A check proves that its sender knows the password, not that it owns the address.
        _listener.MoveTo(CascadeBench.AddressOf(0));
        _listener.Check();
        _bench.Turn();
        _listener.MoveTo(WorkerBench.AddressOf(2));
        _bench.Frame(5, _speaker);

        Assert.That(Drops[DropReason.StunAddressTaken], Is.EqualTo(1));
        Assert.That(_listener.Heard.Select(heard => heard.Word), Is.EqualTo(Enumerable.Range(0, 6)));
    }

    [Test]
    public void Packets_of_a_new_link_are_accepted_even_if_a_member_claimed_their_source_address_before()
    {
        using var bench = new CascadeBench(rooms: 2, linked: false);
        var (speaker, listener) = (bench.Rooms[0].Connect(1), bench.Rooms[1].Connect(2));
        listener.MoveTo(CascadeBench.AddressOf(0));
        listener.Check(useCandidate: false);
        bench.Turn();
        listener.MoveTo(WorkerBench.AddressOf(2));

        bench.Link(0, 1);
        bench.Talk(5, speaker);

        Assert.That(listener.Heard.Select(heard => heard.Word), Is.EqualTo(Enumerable.Range(0, 5)));
    }

    [Test]
    public void Packets_over_a_link_to_a_closed_room_are_dropped()
    {
        _bench.Rooms[1].Worker.CloseRoom(WorkerBench.Room);
        var before = Drops[DropReason.UnknownAddress];

        _bench.Frame(5, _speaker);

        Assert.That(Drops[DropReason.UnknownAddress] - before, Is.EqualTo(1));
        Assert.That(_bench.Rooms[1].Worker.Counters.Links, Is.Zero);
    }

    [Test]
    public void Mutated_link_packets_are_dropped_without_an_exception()
    {
        var mutator = new DatagramMutator(17, [.. _bench.OnLinks.Where(sent => sent.To == 1).Select(sent => sent.Datagram)]);

        for (var i = 0; i < 20_000; i++)
            _bench.Arrive(1, mutator.Next().ToArray(), CascadeBench.AddressOf(0));
        _bench.Frame(5, _speaker);

        Assert.That(_listener.Heard.Select(heard => heard.Word), Is.EqualTo(Enumerable.Range(0, 6)));
    }
}
