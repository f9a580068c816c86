using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Tests.Workers;

namespace Hype.MediaNode.Tests.Hostile;

/// <summary>Tests that a stranger that forges a member's source address cannot change what is reported about the member.</summary>
public sealed class ForgedHeaderTests
{
    [Test]
    public void Forged_sequence_numbers_of_a_silent_member_do_not_appear_as_its_packet_loss()
    {
        // More members than slots: the packets of the silent member are dropped before decryption.
        using var bench = new WorkerBench(slots: 1);
        var silent = bench.Connect([1, 2, 3, 4])[0];
        silent.Level = 127;
        var forged = silent.Frame(0);
        var sequence = silent.NextSequence;
        for (var i = 0; i < 500; i++)
        {
            bench.Frame(i, silent);
            sequence += 100;
            new SequenceNumber(sequence).Write(forged.AsSpan(2));
            silent.Send([.. forged]);
            silent.Check();
        }

        var losses = bench.Events
            .Where(happened => happened.Kind == RoomEventKind.Quality && happened.Number.Value == silent.Number)
            .Select(happened => happened.Quality.LossPercent);
        Assert.That(losses, Is.Not.Empty.And.All.Zero);
    }
}
