using Hype.MediaNode.Cascade;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Tests.Workers;

namespace Hype.MediaNode.Tests.Cascade;

/// <summary>Tests that every room of a channel hears the loudest members of the whole channel, whichever room they are in.</summary>
public sealed class LinkSelectionTests
{
    private const int Slots = 3;

    [Test]
    public void Loudest_members_of_all_rooms_are_heard_in_every_room()
    {
        using var bench = new CascadeBench(rooms: 3, Slots);
        TestPeer[] peers = [.. Crowd(bench, 0), .. Crowd(bench, 1), .. Crowd(bench, 2)];
        foreach (var loud in new uint[] { 4, 15, 26 })
            peers.Single(peer => peer.Number == loud).Level = 10;

        bench.Talk(4 * 50, peers);
        foreach (var peer in peers)
            peer.Heard.Clear();
        bench.Talk(50, peers);

        foreach (var peer in peers.Where(peer => peer.Level > 10))
            Assert.That(
                peer.Heard.Select(heard => heard.Speaker).Distinct(), Is.EquivalentTo(new uint[] { 4, 15, 26 }), $"{peer.Number} hears");
    }

    [Test]
    public void Room_that_receives_louder_members_of_another_room_still_sends_its_own_loudest_members()
    {
        using var bench = new CascadeBench(rooms: 3, Slots);
        var loud = Crowd(bench, 0);
        var soft = Crowd(bench, 1);
        foreach (var peer in loud)
            peer.Level = 10;
        bench.Talk(50, loud);
        bench.OnLinks.Clear();

        bench.Talk(50, [.. loud, .. soft[..2]]);

        Assert.That(soft[4].Heard.Count(heard => heard.Speaker is 11 or 12), Is.Zero, "their own room has no slot for them");
        Assert.That(bench.MediaOnLinks.Count(sent => sent is { From: 1, To: 2 }), Is.EqualTo(2 * 50));
        Assert.That(
            bench.MediaOnLinks.Count(sent => sent is { From: 0, To: 2 }), Is.EqualTo(Slots * 50), "at most one stream per slot of a link");
    }

    [Test]
    public void Receiver_gets_at_most_one_stream_per_slot_from_all_rooms_together()
    {
        using var bench = new CascadeBench(rooms: 3, Slots);
        TestPeer[] peers = [.. Crowd(bench, 0), .. Crowd(bench, 1), .. Crowd(bench, 2)];

        bench.Talk(100, peers);

        foreach (var peer in peers)
        {
            Assert.That(
                peer.Heard.Select(heard => heard.Ssrc).Distinct(),
                Is.SubsetOf(Enumerable.Range(0, Slots).Select(slot => WorkerBench.SlotSsrc(peer.Number, slot))));
            Assert.That(peer.Heard.Count(heard => heard.Speaker == peer.Number), Is.Zero, "no member hears its own voice");
        }
    }

    [Test]
    public void Every_room_reports_the_dominant_speaker_of_the_channel()
    {
        using var bench = new CascadeBench(rooms: 3, Slots);
        TestPeer[] peers = [.. Crowd(bench, 0), .. Crowd(bench, 1), .. Crowd(bench, 2)];

        bench.Talk(3 * 50, peers[0]);
        bench.Advance(TimeSpan.FromSeconds(4));

        foreach (var room in bench.Rooms)
            Assert.That(
                room.Events.Where(happened => happened.Kind == RoomEventKind.DominantSpeaker).Select(happened => happened.Number.Value),
                Is.EqualTo(new[] { peers[0].Number, 0u }));
    }

    [Test]
    public void Speaker_silent_for_long_on_a_link_is_heard_again_without_a_gap_in_sequence_numbers()
    {
        using var bench = new CascadeBench(rooms: 2, slots: 1);
        var (speaker, listener) = (bench.Rooms[0].Connect(1), bench.Rooms[1].Connect(2));
        bench.Talk(10, speaker);
        Assert.That(listener.Heard, Has.Count.EqualTo(10));

        bench.Advance(TimeSpan.FromMicroseconds(RemoteSpeaker.ForgetAfter) + TimeSpan.FromSeconds(1));
        bench.Talk(10, speaker);

        var sequence = listener.Heard[0].Sequence;
        Assert.That(
            listener.Heard.Select(heard => heard.Sequence - sequence), Is.EqualTo(Enumerable.Range(0, 20)), "it returns as a new speaker");
    }

    [Test]
    public void Members_of_a_small_room_all_have_slots_again_after_the_last_link_is_removed()
    {
        using var bench = new CascadeBench(rooms: 2, Slots);
        var peers = bench.Rooms[0].Connect([1, 2, 3, 4]);
        var others = Crowd(bench, 1);
        bench.Talk(50, others);

        bench.Unlink(0, 1);
        foreach (var peer in peers)
            peer.Heard.Clear();
        bench.Talk(50, peers);

        foreach (var peer in peers)
            Assert.That(
                peer.Heard.Select(heard => heard.Speaker).Distinct(),
                Is.EquivalentTo(peers.Where(other => other != peer).Select(other => other.Number)));
    }

    private static TestPeer[] Crowd(CascadeBench bench, int room)
    {
        var peers = bench.Rooms[room].Connect(Enumerable.Range((10 * room) + 1, 6).Select(number => (uint)number));
        foreach (var peer in peers)
            peer.Level = 35;
        return peers;
    }
}
