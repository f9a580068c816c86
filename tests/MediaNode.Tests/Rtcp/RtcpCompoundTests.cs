using Hype.MediaClient;
using Hype.MediaNode.Rtcp;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Tests.Net;

namespace Hype.MediaNode.Tests.Rtcp;

public sealed class RtcpCompoundTests
{
    /// <summary>An RTCP compound as a browser sends it: an SR with one report block, an SDES, and a feedback packet.</summary>
    private static readonly byte[] BrowserCompound = Convert.FromHexString(
        "81C8000C" + "11223344" + "E9ABCDEF80000000" + "0000BB80" + "00000064" + "00002710" +
        "55667788" + "19FFFFFE" + "00021234" + "00000030" + "CDEF8000" + "00010000" +
        "81CA0004" + "11223344" + "0107" + "75736572406820" + "000000" +
        "81CD0002" + "11223344" + "55667788");

    [Test]
    public void Every_RTCP_field_is_read_from_its_offset_in_RFC_3550()
    {
        Assert.That(RtcpCompound.TryParse(BrowserCompound, out var compound), Is.True);
        var types = new List<RtcpPacketType>();
        foreach (var packet in compound)
        {
            types.Add(packet.Type);
            Assert.That(packet.TryGetSsrc(out var ssrc), Is.True);
            Assert.That(ssrc.Value, Is.EqualTo(0x11223344));
            if (packet.Type == RtcpPacketType.SenderReport)
            {
                Assert.That(packet.TryReadSenderReport(out var report), Is.True);
                Assert.That(report, Is.EqualTo(new SenderReport(new Ssrc(0x11223344), 0xE9ABCDEF80000000, 48000, 100, 10000)));
                var blocks = packet.ReadReportBlocks();
                Assert.That(blocks.Count, Is.EqualTo(1));
                Assert.That(
                    blocks[0],
                    Is.EqualTo(
                        new ReportBlock(new Ssrc(0x55667788), 0x19, -2, new ExtendedSequenceNumber(0x21234), 48, 0xCDEF8000, 65536)));
            }

            if (packet.Type == RtcpPacketType.SourceDescription)
            {
                Assert.That(packet.TryGetCanonicalName(new Ssrc(0x11223344), out var name), Is.True);
                Assert.That(name.SequenceEqual("user@h "u8), Is.True);
                Assert.That(packet.TryGetCanonicalName(new Ssrc(1), out _), Is.False);
            }
        }

        Assert.That(
            types, Is.EqualTo(new[] { RtcpPacketType.SenderReport, RtcpPacketType.SourceDescription, RtcpPacketType.TransportFeedback }));
    }

    [Test]
    public void RTCP_compound_with_inconsistent_lengths_does_not_parse()
    {
        byte[][] datagrams =
        [
            [],
            [0x80, 201, 0],
            [0x80, 201, 0, 1],
            [0x40, 201, 0, 0],
            [.. BrowserCompound, 0],
            BrowserCompound[..^4],
            [0x80, 201, 0xFF, 0xFF, 0, 0, 0, 1],
        ];

        foreach (var datagram in datagrams)
            Assert.That(RtcpCompound.TryParse(datagram, out _), Is.False, Convert.ToHexString(datagram));
    }

    [TestCase("A0C90002 00000001 00000004", true)]
    [TestCase("A0C90002 00000001 00000000", false)]
    [TestCase("A0C90002 00000001 00000003", false)]
    [TestCase("A0C90002 00000001 0000000C", false)]
    [TestCase("A0C90002 00000001 00000004 80C90001 00000001", false)]
    public void Padding_is_valid_only_in_the_last_packet_of_a_compound_and_is_removed(string hex, bool sound)
    {
        var datagram = Convert.FromHexString(hex.Replace(" ", ""));

        Assert.That(RtcpCompound.TryParse(datagram, out var compound), Is.EqualTo(sound));
        foreach (var packet in compound)
            Assert.That(packet.Body.Length, Is.EqualTo(4));
    }

    [Test]
    public void RTCP_packet_shorter_than_its_count_field_requires_is_read_as_empty()
    {
        Assert.That(
            RtcpCompound.TryParse([0x82, 201, 0, 1, 0, 0, 0, 1, 0x80, 200, 0, 0, 0x82, 203, 0, 1, 0, 0, 0, 9], out var compound), Is.True);
        foreach (var packet in compound)
        {
            Assert.That(packet.ReadReportBlocks().Count, Is.Zero);
            Assert.That(packet.TryReadSenderReport(out _), Is.False);
        }
    }

    [Test]
    public void Hostile_compounds_are_parsed_without_an_exception_or_an_allocation()
    {
        var mutator = new DatagramMutator(
            3550,
            BrowserCompound,
            Convert.FromHexString("81CB000111223344"),
            Convert.FromHexString("A0C90002000000010000000480C9000100000001"),
            Convert.FromHexString("80CF00041122334404000002E9ABCDEF80000000"));
        var packets = 0;
        var blocks = 0;

        var allocated = Allocations.Of(
            () =>
            {
                if (!RtcpCompound.TryParse(mutator.Next(), out var compound))
                    return;
                foreach (var packet in compound)
                {
                    packets++;
                    packet.TryGetSsrc(out var ssrc);
                    packet.TryReadSenderReport(out _);
                    packet.TryGetCanonicalName(ssrc, out _);
                    foreach (var block in packet.ReadReportBlocks())
                    {
                        blocks++;
                        block.TryGetRoundTrip(0xE9ABCDEF80000000, out _);
                    }
                }
            },
            DatagramMutator.Count);

        Assert.That(allocated, Is.Zero);
        Assert.That(packets, Is.GreaterThan(10_000));
        Assert.That(blocks, Is.GreaterThan(1_000));
    }
}
