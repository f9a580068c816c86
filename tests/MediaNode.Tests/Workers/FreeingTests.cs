using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Workers;

namespace Hype.MediaNode.Tests.Workers;

public sealed class FreeingTests
{
    [Test]
    public void Removal_of_an_endpoint_sends_close_notify_and_frees_its_ufrag_and_address()
    {
        using var bench = new WorkerBench();
        var (stays, leaves) = (bench.Connect(1), bench.Connect(2));

        Assert.That(bench.Worker.RemoveEndpoint(WorkerBench.Room, 2), Is.EqualTo(CommandResult.Done));

        Assert.That(leaves.Dtls.State, Is.EqualTo(DtlsState.Closed), "it received close_notify");
        Assert.That(bench.ClosedBecause(2), Is.Null, "no event for a removal by the control plane");
        Assert.That(bench.Worker.Counters.Endpoints, Is.EqualTo(1));
        AssertIsAStranger(bench, leaves);
        bench.Frame(1, stays);
        Assert.That(leaves.Heard, Is.Empty);
        Assert.That(bench.Worker.RemoveEndpoint(WorkerBench.Room, 2), Is.EqualTo(CommandResult.UnknownEndpoint));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Removal_of_a_portable_endpoint_does_not_end_the_association_that_another_node_continues(bool released)
    {
        using var bench = new WorkerBench(portable: true);
        var moves = bench.Connect(1);
        if (released)
            Assert.That(bench.Worker.ReleaseEndpoint(WorkerBench.Room, 1).Result, Is.EqualTo(CommandResult.Done));

        Assert.That(bench.Worker.CloseRoom(WorkerBench.Room), Is.EqualTo(CommandResult.Done));

        Assert.That(moves.Dtls.State, Is.EqualTo(DtlsState.Connected));
        Assert.That(bench.Worker.Counters.Endpoints, Is.Zero);
    }

    [Test]
    public void Closed_room_frees_its_endpoints_ufrags_and_addresses()
    {
        using var bench = new WorkerBench();
        var peers = bench.Connect([1, 2, 3]);

        Assert.That(bench.Worker.CloseRoom(WorkerBench.Room), Is.EqualTo(CommandResult.Done));

        Assert.That(bench.Worker.Counters.Endpoints, Is.Zero);
        Assert.That(bench.Worker.Counters.Rooms, Is.Zero);
        foreach (var peer in peers)
        {
            Assert.That(peer.Dtls.State, Is.EqualTo(DtlsState.Closed));
            AssertIsAStranger(bench, peer);
        }

        Assert.That(bench.Worker.CloseRoom(WorkerBench.Room), Is.EqualTo(CommandResult.UnknownRoom));
    }

    [Test]
    public void Ufrag_is_free_again_after_its_endpoint_is_removed()
    {
        using var bench = new WorkerBench();
        bench.Connect(1);
        bench.Worker.RemoveEndpoint(WorkerBench.Room, 1);

        bench.Connect(1);

        Assert.That(bench.IsConnected(1), Is.True);
    }

    [Test]
    public void Second_endpoint_with_a_used_ufrag_or_member_number_is_refused()
    {
        using var bench = new WorkerBench();
        bench.Add(1);
        var sameUfrag = WorkerBench.Spec(1, slots: 3) with { Number = new MemberNumber(2) };

        Assert.That(bench.Worker.AddEndpoint(WorkerBench.Room, WorkerBench.Spec(1, slots: 3)), Is.EqualTo(CommandResult.AlreadyThere));
        Assert.That(bench.Worker.AddEndpoint(WorkerBench.Room, sameUfrag), Is.EqualTo(CommandResult.AlreadyThere));
        Assert.That(bench.Worker.Counters.Endpoints, Is.EqualTo(1));
    }

    [Test]
    public void Commands_for_unknown_rooms_and_endpoints_are_refused()
    {
        using var bench = new WorkerBench();
        var elsewhere = new RoomKey("elsewhere", new RoomEpoch(1));

        Assert.Multiple(() =>
        {
            Assert.That(bench.Worker.AddEndpoint(elsewhere, WorkerBench.Spec(1, slots: 3)), Is.EqualTo(CommandResult.UnknownRoom));
            Assert.That(bench.Worker.AddEndpoint(WorkerBench.Room, WorkerBench.Spec(1, slots: 2)), Is.EqualTo(CommandResult.WrongSlots));
            Assert.That(bench.Worker.UpdateEndpoint(WorkerBench.Room, 1, true, true), Is.EqualTo(CommandResult.UnknownEndpoint));
            Assert.That(bench.Worker.AcceptAnswer(elsewhere, 1, "sha-256", new byte[32]), Is.EqualTo(CommandResult.UnknownRoom));
        });
    }

    [TestCase(1)]
    [TestCase(32)]
    public void Room_with_the_minimum_or_maximum_number_of_slots_forwards_media(int slots)
    {
        using var bench = new WorkerBench(slots);
        var peers = bench.Connect([1, 2]);

        bench.Frame(1, peers[0]);

        Assert.That(peers[1].Heard, Has.Count.EqualTo(1));
    }

    private static void AssertIsAStranger(WorkerBench bench, TestPeer peer)
    {
        var strangers = bench.Drops[DropReason.UnknownAddress];
        var unknown = bench.Drops[DropReason.StunUnknownUfrag];
        peer.Say(1);
        peer.Check();
        bench.Turn();
        Assert.That(bench.Drops[DropReason.UnknownAddress], Is.EqualTo(strangers + 1));
        Assert.That(bench.Drops[DropReason.StunUnknownUfrag], Is.EqualTo(unknown + 1));
    }
}
