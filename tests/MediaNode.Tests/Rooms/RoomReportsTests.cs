using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtcp;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Tests.Workers;

namespace Hype.MediaNode.Tests.Rooms;

public sealed class RoomReportsTests
{
    [Test]
    public void Publisher_receives_RTCP_receiver_reports_about_its_published_stream()
    {
        using var bench = new WorkerBench();
        var (_, speaker) = (bench.Connect(1), bench.Connect(2));

        Talk(bench, seconds: 6, speaker);

        var block = Blocks(speaker).Last();
        Assert.That(block.Ssrc.Value, Is.EqualTo(speaker.Ssrc));
        Assert.That(block.CumulativeLost, Is.Zero);
        Assert.That(block.ExtendedHighestSequence.Value, Is.GreaterThan(100u + 150).And.LessThan(speaker.NextSequence));
    }

    [Test]
    public void Receiver_gets_a_sender_report_for_each_used_slot()
    {
        using var bench = new WorkerBench();
        var (listener, speaker) = (bench.Connect(1), bench.Connect(2));
        Talk(bench, seconds: 2, speaker);
        listener.Reports.Clear();

        bench.Advance(TimeSpan.FromSeconds(4.2));

        var reports = SenderReports(listener).ToArray();
        Assert.That(
            reports.Select(report => report.Ssrc.Value).Distinct(), Is.EqualTo(listener.Heard.Select(heard => heard.Ssrc).Distinct()));
        Assert.That(reports[^1].Packets, Is.EqualTo(listener.Heard.Count));
        Assert.That(reports[^1].Octets, Is.EqualTo(listener.Heard.Sum(heard => heard.Payload.Length)));
        var sinceLastPacket = reports[^1].RtpTimestamp - listener.Heard[^1].Timestamp;
        Assert.That(
            sinceLastPacket, Is.InRange(2u * SlotStream.ClockRate / 10, 5u * SlotStream.ClockRate), "the slot's clock runs on in silence");
    }

    [Test]
    public void Packet_loss_reported_by_a_receiver_appears_in_the_receivers_quality()
    {
        using var bench = new WorkerBench();
        var (listener, speaker) = (bench.Connect(1), bench.Connect(2));
        Talk(bench, seconds: 5, speaker);
        var slot = listener.Heard[^1].Ssrc;
        bench.Events.Clear();

        var compound = new byte[200];
        var length = RtcpWriter.WriteReceiverReport(
            compound, new Ssrc(listener.Ssrc), new ReportBlock(new Ssrc(slot), 64, 10, new ExtendedSequenceNumber(500), 4800, 0, 0),
            "peer"u8);
        listener.SendReport(compound.AsSpan(0, length));
        bench.Advance(TimeSpan.FromSeconds(2.2));

        var quality = bench.Events.First(happened => happened.Kind == RoomEventKind.Quality && happened.Number.Value == 1).Quality;
        Assert.That(quality.LossPercent, Is.EqualTo(25));
        Assert.That(quality.JitterMs, Is.EqualTo(100));
    }

    [Test]
    public void Packet_loss_on_the_path_to_the_node_appears_in_the_publishers_quality()
    {
        using var bench = new WorkerBench();
        var (_, speaker) = (bench.Connect(1), bench.Connect(2));
        Talk(bench, seconds: 5, speaker);
        bench.Events.Clear();

        for (var word = 0; word < 250; word++)
        {
            if (word % 5 == 0)
                speaker.Frame(word);
            bench.Frame(word, speaker);
        }

        var qualities = bench.Events.Where(happened => happened.Kind == RoomEventKind.Quality && happened.Number.Value == 2);
        Assert.That(qualities.Last().Quality.LossPercent, Is.EqualTo(100.0 / 6).Within(2));
    }

    [Test]
    public void Unchanged_quality_is_reported_once()
    {
        using var bench = new WorkerBench();
        bench.Connect(1);

        bench.Advance(TimeSpan.FromSeconds(20));

        Assert.That(bench.Events.Count(happened => happened.Kind == RoomEventKind.Quality), Is.EqualTo(1));
    }

    [Test]
    public void Change_of_the_dominant_speaker_is_reported()
    {
        using var bench = new WorkerBench();
        var (_, speaker) = (bench.Connect(1), bench.Connect(2));

        Talk(bench, seconds: 3, speaker);
        bench.Advance(TimeSpan.FromSeconds(4));

        var dominant = bench.Events
            .Where(happened => happened.Kind == RoomEventKind.DominantSpeaker).Select(happened => happened.Number.Value);
        Assert.That(dominant, Is.EqualTo(new uint[] { 2, 0 }));
    }

    private static void Talk(WorkerBench bench, int seconds, TestPeer speaker)
    {
        for (var word = 0; word < seconds * 50; word++)
            bench.Frame(word, speaker);
    }

    private static List<ReportBlock> Blocks(TestPeer peer)
    {
        var blocks = new List<ReportBlock>();
        foreach (var report in peer.Reports)
        {
            Assert.That(RtcpCompound.TryParse(report, out var compound), Is.True);
            foreach (var packet in compound)
            {
                foreach (var block in packet.ReadReportBlocks())
                    blocks.Add(block);
            }
        }

        return blocks;
    }

    private static List<SenderReport> SenderReports(TestPeer peer)
    {
        var reports = new List<SenderReport>();
        foreach (var report in peer.Reports)
        {
            Assert.That(RtcpCompound.TryParse(report, out var compound), Is.True);
            foreach (var packet in compound)
            {
                if (packet.TryReadSenderReport(out var sender))
                    reports.Add(sender);
            }
        }

        return reports;
    }
}
