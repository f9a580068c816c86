using Hype.MediaNode.Tests.Workers;

namespace Hype.MediaNode.Tests.Cascade;

/// <summary>Tests a conversation of members in three linked rooms, as in three regions.</summary>
public sealed class ThreeRoomsTests
{
    private const int Frames = 50;

    [Test]
    public void Members_of_three_linked_rooms_hear_each_packet_of_all_others_once_and_in_order()
    {
        using var bench = new CascadeBench(rooms: 3, slots: 6);
        TestPeer[] peers = [.. bench.Rooms[0].Connect([1, 2]), .. bench.Rooms[1].Connect([3, 4]), .. bench.Rooms[2].Connect([5, 6])];

        bench.Talk(Frames, peers);

        foreach (var peer in peers)
        {
            Assert.That(peer.Unreadable, Is.Zero);
            foreach (var speaker in peers)
            {
                var words = peer.Heard.Where(heard => heard.Speaker == speaker.Number).Select(heard => heard.Word);
                Assert.That(
                    words, Is.EqualTo(speaker == peer ? [] : Enumerable.Range(0, Frames)), $"{peer.Number} hears {speaker.Number}");
            }

            foreach (var slot in peer.Heard.GroupBy(heard => heard.Ssrc))
                Assert.That(
                    slot.Select(heard => (ushort)(heard.Sequence - slot.First().Sequence)), Is.EqualTo(Enumerable.Range(0, slot.Count())),
                    "without a gap");
        }
    }

    [Test]
    public void Packet_is_sent_once_over_each_link_of_the_speakers_room_and_over_no_other_link()
    {
        using var bench = new CascadeBench(rooms: 3);
        var speaker = bench.Rooms[0].Connect(1);
        bench.Rooms[1].Connect([2, 3]);
        bench.Rooms[2].Connect([4, 5]);

        bench.Talk(Frames, speaker);

        var ways = bench.MediaOnLinks.GroupBy(sent => (sent.From, sent.To)).Select(way => (way.Key.From, way.Key.To, Count: way.Count()));
        Assert.That(ways, Is.EquivalentTo(new[] { (0, 1, Frames), (0, 2, Frames) }), "a packet from a link is never sent over a link");
    }

    [Test]
    public void Payload_and_header_extension_arrive_unchanged_over_a_link()
    {
        using var bench = new CascadeBench(rooms: 2);
        var (speaker, listener) = (bench.Rooms[0].Connect(1), bench.Rooms[1].Connect(2));
        byte[] said = [.. Enumerable.Range(0, 120).Select(i => (byte)i)];

        speaker.Send(speaker.Frame(said, payloadType: 63));
        bench.Turn();

        var heard = listener.Heard.Single();
        Assert.That(heard.Payload, Is.EqualTo(said));
        Assert.That(heard.PayloadType, Is.EqualTo(63));
        Assert.That(heard.Speaker, Is.EqualTo(1));
        Assert.That(heard.Extension, Is.EqualTo(new byte[] { 0xBE, 0xDE, 0, 1, 0x10, 0x80 | 20, 0x40, (byte)'0' }));
    }

    [Test]
    public void Packets_of_a_muted_member_are_not_sent_over_links()
    {
        using var bench = new CascadeBench(rooms: 2);
        var (speaker, listener) = (bench.Rooms[0].Connect(1), bench.Rooms[1].Connect(2));
        bench.Frame(1, speaker);
        Assert.That(bench.MediaOnLinks.Count(), Is.EqualTo(1));

        bench.Rooms[0].Worker.UpdateEndpoint(WorkerBench.Room, 1, canSpeak: false, canListen: true);
        bench.Talk(Frames, speaker);

        Assert.That(bench.MediaOnLinks.Count(), Is.EqualTo(1));
        Assert.That(listener.Heard, Has.Count.EqualTo(1));
    }

    [Test]
    public void Packet_loss_on_a_link_leaves_a_gap_in_sequence_numbers_and_a_change_of_speaker_does_not()
    {
        using var bench = new CascadeBench(rooms: 2, slots: 1);
        var (ann, bob, listener) = (bench.Rooms[0].Connect(1), bench.Rooms[0].Connect(2), bench.Rooms[1].Connect(3));
        bench.Talk(3, ann);
        bench.Loses = static (_, _) => true;
        bench.Talk(2, ann);
        bench.Loses = static (_, _) => false;
        bench.Talk(1, ann);
        bench.Advance(TimeSpan.FromSeconds(2));
        bench.Talk(2, bob);

        var first = listener.Heard[0].Sequence;
        Assert.That(listener.Heard.Select(heard => heard.Speaker), Is.EqualTo(new uint[] { 1, 1, 1, 1, 2, 2 }));
        Assert.That(listener.Heard.Select(heard => heard.Sequence - first), Is.EqualTo(new[] { 0, 1, 2, 5, 6, 7 }));
    }

    [Test]
    public void Alternating_speakers_in_one_slot_of_a_link_cause_no_gaps_in_sequence_numbers()
    {
        // The other room has a slot for each speaker; the link has one that they share.
        using var bench = new CascadeBench(rooms: 2, slots: 2);
        var (ann, bob, cid, listener) =
            (bench.Rooms[0].Connect(1), bench.Rooms[0].Connect(2), bench.Rooms[0].Connect(3), bench.Rooms[1].Connect(4));
        for (var round = 0; round < 4; round++)
        {
            bench.Talk(10, ann, cid);
            bench.Advance(TimeSpan.FromSeconds(1.2));
            bench.Talk(10, bob, cid);
            bench.Advance(TimeSpan.FromSeconds(1.2));
        }

        Assert.That(listener.Heard, Has.Count.EqualTo(4 * 2 * 10 * 2));
        foreach (var slot in listener.Heard.GroupBy(heard => heard.Ssrc))
            Assert.That(
                slot.Select(heard => (ushort)(heard.Sequence - slot.First().Sequence)), Is.EqualTo(Enumerable.Range(0, slot.Count())));
    }
}
