using CsCheck;
using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Tests.Rtp;

public sealed class SequenceNumberTests
{
    [TestCase(0, 1, 1)]
    [TestCase(65535, 0, 1)]
    [TestCase(0, 65535, -1)]
    [TestCase(65000, 100, 636)]
    [TestCase(7, 7, 0)]
    public void Distance_between_sequence_numbers_is_measured_in_the_shorter_direction(int from, int to, int distance)
    {
        Assert.That(SequenceNumber.Distance(new SequenceNumber((ushort)from), new SequenceNumber((ushort)to)), Is.EqualTo(distance));
    }

    [Test]
    public void Sequence_number_plus_its_distance_to_another_equals_the_other() =>
        Gen.Select(Gen.UShort, Gen.UShort).Select((from, to) => (new SequenceNumber(from), new SequenceNumber(to))).Sample(
            (from, to) => from + SequenceNumber.Distance(from, to) == to && to - SequenceNumber.Distance(from, to) == from);
}
