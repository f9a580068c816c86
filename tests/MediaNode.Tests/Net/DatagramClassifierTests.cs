using Hype.MediaClient;
using Hype.MediaNode.Net;

namespace Hype.MediaNode.Tests.Net;

public sealed class DatagramClassifierTests
{
    [Test]
    public void First_byte_of_a_datagram_selects_the_protocol_by_RFC_7983()
    {
        for (var first = 0; first < 256; first++)
        {
            var expected = first switch
            {
                <= 3 => DatagramKind.Stun,
                >= 20 and <= 63 => DatagramKind.Dtls,
                >= 128 and <= 191 => DatagramKind.Rtp,
                _ => DatagramKind.Unknown,
            };
            Assert.That(DatagramClassifier.Classify([(byte)first, 111]), Is.EqualTo(expected), $"first byte {first}");
        }
    }

    [Test]
    public void Second_byte_of_a_datagram_separates_RTCP_from_RTP_by_RFC_5761()
    {
        for (var second = 0; second < 256; second++)
        {
            var expected = second is >= 192 and <= 223 ? DatagramKind.Rtcp : DatagramKind.Rtp;
            Assert.That(DatagramClassifier.Classify([0x80, (byte)second]), Is.EqualTo(expected), $"second byte {second}");
        }
    }

    [Test]
    public void Opus_packet_is_classified_as_RTP_with_and_without_the_marker_bit() =>
        Assert.Multiple(() =>
        {
            Assert.That(DatagramClassifier.Classify([0x90, 111]), Is.EqualTo(DatagramKind.Rtp));
            Assert.That(DatagramClassifier.Classify([0x90, 0x80 | 111]), Is.EqualTo(DatagramKind.Rtp));
        });

    [TestCase(new byte[0])]
    [TestCase(new byte[] { 0x80 })]
    [TestCase(new byte[] { 0x16 })]
    public void Datagram_of_less_than_two_bytes_is_unknown(byte[] datagram) =>
        Assert.That(DatagramClassifier.Classify(datagram), Is.EqualTo(DatagramKind.Unknown));

    [Test]
    public void Random_bytes_are_classified_without_an_exception_or_an_allocation()
    {
        var mutator = new DatagramMutator(7983, [0x80, 0xC8, 0, 1], [0, 1, 0, 0], [22, 254, 253]);
        var seen = new int[Enum.GetValues<DatagramKind>().Length];

        var allocated = Allocations.Of(() => seen[(int)DatagramClassifier.Classify(mutator.Next())]++, DatagramMutator.Count);

        Assert.That(allocated, Is.Zero);
        Assert.That(seen, Has.All.Positive, "every kind occurred");
    }
}
