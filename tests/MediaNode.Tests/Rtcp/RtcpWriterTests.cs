using CsCheck;
using Hype.MediaNode.Rtcp;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Tests.Net;

namespace Hype.MediaNode.Tests.Rtcp;

public sealed class RtcpWriterTests
{
    private static readonly Ssrc Reporter = new(1);

    private static readonly Gen<ReportBlock> Blocks = Gen.Select(
        Gen.UInt, Gen.Byte, Gen.Int[ReportBlock.MinCumulativeLost, ReportBlock.MaxCumulativeLost], Gen.UInt, Gen.UInt, Gen.UInt, Gen.UInt)
        .Select((ssrc, fraction, lost, highest, jitter, lsr, dlsr) =>
            new ReportBlock(new Ssrc(ssrc), fraction, lost, new ExtendedSequenceNumber(highest), jitter, lsr, dlsr));

    private static readonly Gen<SenderReport> Reports = Gen.Select(Gen.UInt, Gen.ULong, Gen.UInt, Gen.UInt, Gen.UInt)
        .Select((ssrc, ntp, timestamp, packets, octets) => new SenderReport(new Ssrc(ssrc), ntp, timestamp, packets, octets));

    [Test]
    public void Written_receiver_report_is_parsed_to_the_same_values() =>
        Gen.Select(Gen.UInt.Select(value => new Ssrc(value)), Blocks, Gen.Byte[1, 127].Array[0, 255]).Sample((reporter, block, name) =>
        {
            var buffer = new byte[512];
            var length = RtcpWriter.WriteReceiverReport(buffer, reporter, block, name);

            if (length % 4 != 0 || !RtcpCompound.TryParse(buffer.AsSpan(0, length), out var compound))
                return false;
            var packets = compound.GetEnumerator();
            return packets.MoveNext() && packets.Current.Type == RtcpPacketType.ReceiverReport
                && packets.Current.TryGetSsrc(out var ssrc) && ssrc == reporter
                && packets.Current.ReadReportBlocks() is { Count: 1 } blocks && blocks[0] == block
                && packets.MoveNext() && packets.Current.TryGetCanonicalName(reporter, out var read) && read.SequenceEqual(name)
                && !packets.MoveNext();
        });

    [Test]
    public void Sender_reports_of_many_slots_are_split_into_compounds_and_parsed_to_the_same_values() =>
        Gen.Select(Reports.Array[1, 40], Gen.Byte[1, 127].Array[0, 40], Gen.Int[120, 1200]).Sample((reports, name, room) =>
        {
            var read = new List<SenderReport>();
            var buffer = new byte[room];
            for (var next = 0; next < reports.Length;)
            {
                var length = RtcpWriter.WriteSenderReports(buffer, reports.AsSpan(next), name, out var written);
                if (length == 0 || !RtcpCompound.TryParse(buffer.AsSpan(0, length), out var compound))
                    return false;
                var before = read.Count;
                foreach (var packet in compound)
                {
                    if (packet.TryReadSenderReport(out var report))
                        read.Add(report);
                    if (packet.Type != RtcpPacketType.SourceDescription)
                        continue;
                    foreach (var described in read.Skip(before))
                    {
                        if (!packet.TryGetCanonicalName(described.Ssrc, out var cname) || !cname.SequenceEqual(name))
                            return false;
                    }
                }

                next += written;
            }

            return read.SequenceEqual(reports);
        });

    [Test]
    public void Sender_reports_of_six_slots_fit_into_one_datagram()
    {
        var reports = Enumerable.Range(1, 6).Select(i => new SenderReport(new Ssrc((uint)i), 1, 2, 3, 4)).ToArray();

        var length = RtcpWriter.WriteSenderReports(new byte[1200], reports, "5f0c2f6e9f6d4c0f"u8, out var written);

        Assert.That(written, Is.EqualTo(6));
        Assert.That(length, Is.LessThan(400));
    }

    [Test]
    public void RTCP_packet_longer_than_the_buffer_is_not_written()
    {
        var writer = new RtcpWriter(new byte[36]);

        Assert.That(writer.TryReceiverReport(Reporter, default), Is.True);
        Assert.That(writer.TrySourceDescription(Reporter, "name"u8), Is.False);
        Assert.That(writer.TrySenderReport(default), Is.False);
        Assert.That(writer.Length, Is.EqualTo(32));
        Assert.That(RtcpWriter.WriteReceiverReport(new byte[36], Reporter, default, "name"u8), Is.Zero);
        Assert.That(RtcpWriter.WriteSenderReports(new byte[36], [default], "name"u8, out var written), Is.Zero);
        Assert.That(written, Is.Zero);
    }

    [Test]
    public void Writing_reports_allocates_nothing()
    {
        var buffer = new byte[1200];
        var reports = new SenderReport[6];
        var statistics = new ReceptionStatistics(Reporter);
        ushort number = 0;

        Assert.That(
            Allocations.Of(
                () =>
                {
                    statistics.Add(new SequenceNumber(number++), number * 960u, number * 20_000L);
                    RtcpWriter.WriteReceiverReport(buffer, Reporter, statistics.Report(number * 20_000L), "name"u8);
                    RtcpWriter.WriteSenderReports(buffer, reports, "name"u8, out _);
                },
                10_000),
            Is.Zero);
    }
}
