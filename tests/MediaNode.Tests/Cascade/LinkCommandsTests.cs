using Hype.MediaClient;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Tests.Workers;
using Hype.MediaNode.Workers;

namespace Hype.MediaNode.Tests.Cascade;

/// <summary>Tests the commands of the control plane about links, and their results.</summary>
public sealed class LinkCommandsTests
{
    private CascadeBench _bench = null!;

    [SetUp]
    public void Open() => _bench = new CascadeBench(rooms: 2, linked: false);

    [TearDown]
    public void Close() => _bench.Dispose();

    [Test]
    public void Second_link_with_the_same_name_is_refused_even_after_the_first_link_is_removed()
    {
        _bench.Link(0, 1);
        Assert.That(_bench.Add(0, _bench.Describe(0, 1).First), Is.EqualTo(CommandResult.LinkAlreadyThere));

        _bench.Unlink(0, 1);

        Assert.That(
            _bench.Add(0, _bench.Describe(0, 1).First), Is.EqualTo(CommandResult.LinkAlreadyThere),
            "with the same keys, indices would be used twice");
        Assert.That(_bench.Add(0, _bench.Describe(0, 1, "another").First), Is.EqualTo(CommandResult.Done));
    }

    [Test]
    public void Link_with_an_SSRC_of_an_existing_link_is_refused_until_the_existing_link_is_removed()
    {
        var first = _bench.Describe(0, 1).First;
        _bench.Add(0, first);
        var second = _bench.Describe(0, 1, "second").First;
        second.ReceiveSsrcs[1] = first.ReceiveSsrcs[2];

        Assert.That(_bench.Add(0, second), Is.EqualTo(CommandResult.LinkSsrcTaken));
        _bench.Rooms[0].Worker.RemoveLink(WorkerBench.Room, first.Name);
        Assert.That(_bench.Add(0, second), Is.EqualTo(CommandResult.Done));
        Assert.That(_bench.Rooms[0].Worker.Counters.Links, Is.EqualTo(1));
    }

    [Test]
    public void Link_without_one_SSRC_per_slot_in_each_direction_is_refused()
    {
        var spec = _bench.Describe(0, 1).First;

        Assert.That(_bench.Add(0, spec with { SendSsrcs = [new Ssrc(1), new Ssrc(2)] }), Is.EqualTo(CommandResult.WrongLinkSlots));
        Assert.That(
            _bench.Add(0, spec with { ReceiveSsrcs = [.. spec.ReceiveSsrcs, new Ssrc(4)] }), Is.EqualTo(CommandResult.WrongLinkSlots));
    }

    [Test]
    public void Adding_a_link_to_an_unknown_room_is_refused_and_removing_an_unknown_link_succeeds()
    {
        var worker = _bench.Rooms[0].Worker;
        var other = new RoomKey("lobby", new RoomEpoch(2));

        Assert.That(worker.AddLink(other, _bench.Describe(0, 1).First), Is.EqualTo(CommandResult.UnknownRoom));
        Assert.That(worker.RemoveLink(other, "0-1"), Is.EqualTo(CommandResult.Done));
        Assert.That(worker.RemoveLink(WorkerBench.Room, "0-1"), Is.EqualTo(CommandResult.Done));
    }

    [Test]
    public void Two_rooms_of_a_channel_on_one_worker_can_be_linked()
    {
        using var dtls = SelfSigned.Node.NewContext();
        using var bench = new CascadeBench(rooms: 1, linked: false);
        var worker = bench.Rooms[0].Worker;
        var second = new RoomKey(WorkerBench.Room.Channel, new RoomEpoch(2));
        worker.OpenRoom(second, bench.Slots, dtls);
        var (one, other) = bench.Describe(0, 0);
        worker.AddLink(WorkerBench.Room, one);
        worker.AddLink(second, other);
        var speaker = bench.Rooms[0].Connect(1);

        bench.Talk(10, speaker);

        Assert.That(bench.MediaOnLinks.Count(), Is.EqualTo(10));
        Assert.That(worker.Counters.LinkPacketsReceived, Is.EqualTo(bench.OnLinks.Count));
        Assert.That(bench.Rooms[0].Drops.Total, Is.Zero);
        worker.CloseRoom(second);
        Assert.That(worker.Counters.Links, Is.EqualTo(1));
    }

    [Test]
    public void Link_added_during_speech_carries_the_next_packet()
    {
        var (speaker, listener) = (_bench.Rooms[0].Connect(1), _bench.Rooms[1].Connect(2));
        _bench.Talk(10, speaker);

        _bench.Link(0, 1);
        for (var word = 10; word < 20; word++)
            _bench.Frame(word, speaker);

        Assert.That(listener.Heard.Select(heard => heard.Word), Is.EqualTo(Enumerable.Range(10, 10)));
    }

    [Test]
    public void Removing_a_link_frees_the_slots_of_all_speakers_heard_over_the_link_at_once()
    {
        using var bench = new CascadeBench(rooms: 3, slots: 1);
        var (gone, next, listener) = (bench.Rooms[0].Connect(1), bench.Rooms[1].Connect(2), bench.Rooms[2].Connect(3));
        bench.Talk(10, gone);

        bench.Unlink(0, 2);
        listener.Heard.Clear();
        bench.Talk(10, next);

        Assert.That(listener.Heard.Select(heard => heard.Word), Is.EqualTo(Enumerable.Range(0, 10)));
    }

    [Test]
    public void ToString_of_a_link_specification_does_not_contain_the_keys()
    {
        var spec = _bench.Describe(0, 1).First;

        Assert.That(spec.ToString(), Is.EqualTo("LinkSpec { 0-1 }"));
    }
}
