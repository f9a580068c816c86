using Hype.Grains.Cascade;

namespace Hype.Grains.Tests.Cascade;

public sealed class RoomPairTests
{
    [Test]
    public void Room_pairs_with_the_same_two_rooms_in_either_order_are_equal()
    {
        var pair = new RoomPair(new(7), new(3));
        Assert.That(pair, Is.EqualTo(new RoomPair(new(3), new(7))));
        Assert.That((pair.Low, pair.High, pair.ToString()), Is.EqualTo((new RoomEpoch(3), new RoomEpoch(7), "3-7")));
    }

    [Test]
    public void Room_cannot_be_paired_with_itself() =>
        Assert.That(() => new RoomPair(new(3), new(3)), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
