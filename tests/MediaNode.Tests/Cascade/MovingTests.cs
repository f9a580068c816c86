using Hype.MediaNode.Cascade;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Tests.Workers;

namespace Hype.MediaNode.Tests.Cascade;

/// <summary>
/// Tests the move of a member between two rooms of a channel, for example because a node is drained. For a while the member has an
/// endpoint in both rooms and sends each packet to one of them; all members must hear each packet once.
/// </summary>
public sealed class MovingTests
{
    private const uint Mover = 7;
    private const int Frames = 30;

    [TestCase(0, TestName = "Packets_of_a_member_moving_between_rooms_0_ms_apart_are_heard_once_and_in_order")]
    [TestCase(70, TestName = "Packets_of_a_member_moving_between_rooms_70_ms_apart_are_heard_once_and_in_order")]
    [TestCase(150, TestName = "Packets_of_a_member_moving_between_rooms_150_ms_apart_are_heard_once_and_in_order")]
    public void Packets_of_a_member_moving_between_rooms_are_heard_once_and_in_order_in_all_rooms(int milliseconds)
    {
        using var bench = new CascadeBench(rooms: 3, slots: 6) { Delay = (_, _) => TimeSpan.FromMilliseconds(milliseconds) };
        var (leaving, coming) = (bench.Rooms[0].Connect(Mover), bench.Rooms[1].Connect(Mover));
        coming.Ssrc = leaving.Ssrc;
        TestPeer[] listeners = [bench.Rooms[0].Connect(1), bench.Rooms[1].Connect(2), bench.Rooms[2].Connect(3)];

        Say(bench, leaving, 0);
        coming.NextSequence = leaving.NextSequence;
        Say(bench, coming, Frames);
        bench.Rooms[0].Worker.RemoveEndpoint(WorkerBench.Room, Mover);
        Say(bench, coming, 2 * Frames);
        bench.Advance(TimeSpan.FromSeconds(0.3));

        // Packets that were between the rooms at the time of the move arrive after the first packet in the new room.
        var late = (milliseconds + 19) / 20;
        Assert.That(Words(listeners[0]), Is.EqualTo(Enumerable.Range(0, 3 * Frames)), "in the room that it left");
        Assert.That(
            Words(listeners[1]), Is.EqualTo(Enumerable.Range(0, 3 * Frames).Where(word => word < Frames - late || word >= Frames)),
            "in the room that it came to");
        Assert.That(Words(listeners[2]), Is.EqualTo(Enumerable.Range(0, 3 * Frames)), "in a third room");
        Assert.That(
            leaving.Heard.Concat(coming.Heard).Select(heard => heard.Speaker), Does.Not.Contain(Mover),
            "no member hears its own voice, from the other room either");
        Assert.That(bench.Rooms[1].Drops[DropReason.Overtaken], Is.EqualTo(late));
    }

    [Test]
    public void Late_packet_to_the_previous_room_of_a_moved_member_is_dropped()
    {
        using var bench = new CascadeBench(rooms: 2);
        var (leaving, coming) = (bench.Rooms[0].Connect(Mover), bench.Rooms[1].Connect(Mover));
        var listener = bench.Rooms[0].Connect(1);
        Say(bench, leaving, 0);
        var strayed = leaving.Frame(1000);
        bench.Frame(Frames, coming);

        bench.Arrive(0, strayed, leaving.Address);
        bench.Frame(Frames + 1, coming);

        Assert.That(Words(listener), Is.EqualTo(Enumerable.Range(0, Frames + 2)));
        Assert.That(bench.Rooms[0].Drops[DropReason.Overtaken], Is.EqualTo(1));
    }

    [Test]
    public void Member_moving_to_another_room_and_back_is_heard_without_lost_packets()
    {
        using var bench = new CascadeBench(rooms: 2);
        var (first, second) = (bench.Rooms[0].Connect(Mover), bench.Rooms[1].Connect(Mover));
        TestPeer[] listeners = [bench.Rooms[0].Connect(1), bench.Rooms[1].Connect(2)];

        Say(bench, first, 0);
        Say(bench, second, Frames);
        bench.Advance(TimeSpan.FromMicroseconds(RemoteSpeaker.OvertakenFor));
        Say(bench, first, 2 * Frames);

        foreach (var listener in listeners)
            Assert.That(Words(listener), Is.EqualTo(Enumerable.Range(0, 3 * Frames)));
    }

    [Test]
    public void Member_muted_in_its_new_room_is_not_heard_there_over_the_link_from_the_old_room()
    {
        using var bench = new CascadeBench(rooms: 2);
        var leaving = bench.Rooms[0].Connect(Mover);
        bench.Rooms[1].Connect(Mover, canSpeak: false);
        var listener = bench.Rooms[1].Connect(2);

        Say(bench, leaving, 0);

        Assert.That(listener.Heard, Is.Empty);
        Assert.That(bench.Rooms[1].Drops[DropReason.Muted], Is.EqualTo(Frames));
    }

    [Test]
    public void Slot_of_a_member_moved_to_another_room_is_free_at_once_when_the_member_leaves()
    {
        using var bench = new CascadeBench(rooms: 2, slots: 1);
        var (first, second) = (bench.Rooms[0].Connect(Mover), bench.Rooms[1].Connect(Mover));
        var (listener, next) = (bench.Rooms[1].Connect(2), bench.Rooms[1].Connect(3));
        Say(bench, first, 0);
        bench.Rooms[0].Worker.RemoveEndpoint(WorkerBench.Room, Mover);
        Say(bench, second, Frames);

        bench.Rooms[1].Worker.RemoveEndpoint(WorkerBench.Room, Mover);
        listener.Heard.Clear();
        Say(bench, next, 0);

        Assert.That(Words(listener), Is.EqualTo(Enumerable.Range(0, Frames)), "its slot is free at once");
    }

    private static void Say(CascadeBench bench, TestPeer speaker, int firstWord)
    {
        for (var word = firstWord; word < firstWord + Frames; word++)
            bench.Frame(word, speaker);
    }

    private static IEnumerable<int> Words(TestPeer listener) => listener.Heard.Select(heard => heard.Word);
}
