using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Tests.Workers;

namespace Hype.MediaNode.Tests.Forwarding;

public sealed class LoudestHeardTests
{
    private const int Slots = 3;
    private const int People = 20;

    [Test]
    public void Three_loudest_of_twenty_talking_members_are_heard()
    {
        using var bench = new WorkerBench(Slots);
        var peers = Crowd(bench);
        foreach (var loud in peers[16..19])
            loud.Level = 10;

        Talk(bench, peers, seconds: 4);
        peers[0].Heard.Clear();
        Talk(bench, peers, seconds: 1);

        Assert.That(peers[0].Heard.Select(heard => heard.Speaker).Distinct(), Is.EquivalentTo(new uint[] { 17, 18, 19 }));
    }

    [Test]
    public void Member_only_slightly_louder_than_a_slot_holder_takes_no_slot()
    {
        using var bench = new WorkerBench(Slots);
        var peers = Crowd(bench);
        Talk(bench, peers[..3], seconds: 1);
        peers[10].Level = (byte)(peers[0].Level - 3);

        Talk(bench, [.. peers[..3], peers[10]], seconds: 3);

        Assert.That(peers[5].Heard.Select(heard => heard.Speaker).Distinct(), Is.EquivalentTo(new uint[] { 1, 2, 3 }));
    }

    [Test]
    public void Packets_of_silent_members_without_a_slot_are_dropped_before_decryption()
    {
        using var bench = new WorkerBench(Slots);
        var peers = Crowd(bench);
        var silent = peers[4];
        silent.Level = 127;
        bench.Frame(0, silent);

        var spoilt = silent.Frame(1);
        spoilt[^1] ^= 1;
        silent.Send(spoilt);
        bench.Turn();

        Assert.That(bench.Drops[DropReason.NotSpeaking], Is.EqualTo(1));
        Assert.That(bench.Drops[DropReason.SrtpUnauthenticated], Is.Zero);
    }

    private static TestPeer[] Crowd(WorkerBench bench)
    {
        var peers = bench.Connect(Enumerable.Range(1, People).Select(number => (uint)number));
        foreach (var peer in peers)
            peer.Level = 35;
        return peers;
    }

    private static void Talk(WorkerBench bench, TestPeer[] peers, int seconds)
    {
        for (var word = 0; word < seconds * 50; word++)
            bench.Frame(word, peers);
    }
}
