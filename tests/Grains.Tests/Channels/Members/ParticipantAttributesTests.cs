using System.Collections.Immutable;
using Hype.Grains.Channels.Members;

namespace Hype.Grains.Tests.Channels.Members;

public sealed class ParticipantAttributesTests
{
    [TestCase(0, 1, 1, true)]
    [TestCase(16, 64, 256, true)]
    [TestCase(17, 2, 1, false)]
    [TestCase(1, 65, 1, false)]
    [TestCase(1, 1, 257, false)]
    [TestCase(1, 0, 1, false)]
    public void Attributes_are_valid_up_to_the_limits_of_count_key_length_and_value_length(
        int count, int keyLength, int valueLength, bool valid)
    {
        var attributes = Enumerable.Range(0, count).ToImmutableSortedDictionary(
            index => keyLength == 0 ? "" : index.ToString("D2").PadLeft(keyLength, 'k')[^keyLength..], _ => new string('v', valueLength));
        Assert.That(ParticipantAttributes.AreValid(attributes), Is.EqualTo(valid));
    }
}
