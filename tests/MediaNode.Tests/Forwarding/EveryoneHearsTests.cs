using Hype.MediaNode.Tests.Workers;

namespace Hype.MediaNode.Tests.Forwarding;

/// <summary>
/// Tests rooms in which every member has a slot: N slots serve N+1 members, because no member needs a slot for its own voice.
/// </summary>
public sealed class EveryoneHearsTests
{
    private const int Slots = 3;
    private const int Frames = 25;

    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    public void Members_of_a_room_with_one_slot_per_other_member_hear_all_others_once_and_in_order(int people)
    {
        using var bench = new WorkerBench(Slots);
        var peers = bench.Connect(Enumerable.Range(1, people).Select(number => (uint)number));

        Talk(bench, peers);

        foreach (var peer in peers)
            AssertHears(peer, peers);
    }

    [Test]
    public void All_members_are_heard_again_after_a_room_has_grown_beyond_its_slots_and_shrunk()
    {
        using var bench = new WorkerBench(Slots);
        var peers = bench.Connect([1, 2, 3, 4]);
        Talk(bench, peers);
        var crowd = peers.Concat(bench.Connect([5, 6])).ToArray();
        Talk(bench, crowd);
        foreach (var peer in crowd)
            Assert.That(peer.Heard.Count(heard => heard.Speaker == peer.Number), Is.Zero, "no member hears its own voice");

        bench.Worker.RemoveEndpoint(WorkerBench.Room, 2);
        bench.Worker.RemoveEndpoint(WorkerBench.Room, 6);
        var rest = crowd.Where(peer => peer.Number is not 2 and not 6).ToArray();
        foreach (var peer in rest)
            peer.Heard.Clear();
        Talk(bench, rest);

        foreach (var peer in rest)
            AssertHears(peer, rest);
    }

    [Test]
    public void Member_that_returns_with_the_same_member_number_is_heard_from_the_first_packet()
    {
        using var bench = new WorkerBench(Slots);
        var (listener, before) = (bench.Connect(1), bench.Connect(2));
        Talk(bench, [before]);

        bench.Worker.RemoveEndpoint(WorkerBench.Room, 2);
        var again = bench.Connect(2);
        again.NextSequence = (ushort)(before.NextSequence - Frames - 1);
        Talk(bench, [again]);

        var first = listener.Heard[0].Sequence;
        Assert.That(listener.Heard.Select(heard => heard.Sequence - first), Is.EqualTo(Enumerable.Range(0, 2 * Frames)));
    }

    [Test]
    public void Receiver_in_a_large_room_gets_at_most_one_stream_per_slot()
    {
        using var bench = new WorkerBench(Slots);
        var peers = bench.Connect(Enumerable.Range(1, 8).Select(number => (uint)number));

        Talk(bench, peers);

        foreach (var peer in peers)
        {
            Assert.That(peer.Unreadable, Is.Zero);
            Assert.That(peer.Heard.Select(heard => heard.Speaker).Distinct().Count(), Is.LessThanOrEqualTo(Slots));
            Assert.That(
                peer.Heard.Select(heard => heard.Ssrc).Distinct(),
                Is.SubsetOf(Enumerable.Range(0, Slots).Select(slot => WorkerBench.SlotSsrc(peer.Number, slot))));
        }
    }

    private static void Talk(WorkerBench bench, TestPeer[] peers)
    {
        for (var word = 0; word < Frames; word++)
            bench.Frame(word, peers);
    }

    private static void AssertHears(TestPeer peer, TestPeer[] peers)
    {
        Assert.That(peer.Unreadable, Is.Zero);
        foreach (var speaker in peers)
        {
            var words = peer.Heard.Where(heard => heard.Speaker == speaker.Number).Select(heard => heard.Word);
            Assert.That(words, Is.EqualTo(speaker == peer ? [] : Enumerable.Range(0, Frames)), $"{peer.Number} hears {speaker.Number}");
        }

        foreach (var slot in peer.Heard.GroupBy(heard => heard.Ssrc))
            Assert.That(
                slot.Select(heard => heard.Sequence - slot.First().Sequence), Is.EqualTo(Enumerable.Range(0, slot.Count())),
                "without a gap");
    }
}
