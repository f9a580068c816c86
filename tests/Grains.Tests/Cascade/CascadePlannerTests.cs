using Hype.Grains.Cascade;

namespace Hype.Grains.Tests.Cascade;

public sealed class CascadePlannerTests
{
    private static readonly int[] Epochs = [12, 7, 30, 9, 21];

    private static RoomPair[] Links(params int[] rooms) => [.. CascadePlanner.Links(rooms)];

    [TestCase(0, 0)]
    [TestCase(1, 0)]
    [TestCase(2, 1)]
    [TestCase(3, 3)]
    [TestCase(4, 6)]
    [TestCase(5, 10)]
    public void Each_room_is_linked_with_each_other_one_once(int rooms, int links)
    {
        var planned = Links(Epochs[..rooms]);
        Assert.That(planned, Has.Length.EqualTo(links).And.Unique);
        Assert.That(planned.Select(link => (link.Low, link.High)), Is.All.Matches<(int Low, int High)>(link => link.Low < link.High));
    }

    [Test]
    public void What_is_said_in_any_room_reaches_every_other_room_once([Range(1, 5)] int rooms)
    {
        var links = Links(Epochs[..rooms]);
        foreach (var speaking in Epochs[..rooms])
        {
            // The node's rule: a room sends what its own members say over all its links, and never what came from one.
            var heard = links.Where(link => link.Low == speaking || link.High == speaking).Select(link => link.Low == speaking ? link.High : link.Low);
            Assert.That(heard, Is.EquivalentTo(Epochs[..rooms].Where(room => room != speaking)));
        }
    }

    [Test]
    public void The_pair_is_the_same_from_both_ends() => Assert.That(new RoomPair(9, 7), Is.EqualTo(new RoomPair(7, 9)));

    [Test]
    public void A_room_is_not_linked_with_itself()
    {
        Assert.That(() => new RoomPair(7, 7), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(Links(7, 7), Is.Empty);
    }

    [Test]
    public void When_nothing_changed_nothing_is_to_be_done() => Assert.That(CascadePlanner.Change([7, 9, 12], Links(12, 9, 7)).IsEmpty);

    [Test]
    public void A_room_that_comes_is_linked_with_those_that_are_there()
    {
        var change = CascadePlanner.Change([7, 9, 12], Links(7, 9));
        Assert.That(change.Add, Is.EquivalentTo(new[] { new RoomPair(7, 12), new RoomPair(9, 12) }));
        Assert.That(change.Remove, Is.Empty);
    }

    [Test]
    public void A_room_that_leaves_takes_its_links_with_it_and_no_others()
    {
        var change = CascadePlanner.Change([7, 12], Links(7, 9, 12));
        Assert.That(change.Add, Is.Empty);
        Assert.That(change.Remove, Is.EquivalentTo(new[] { new RoomPair(7, 9), new RoomPair(9, 12) }));
    }

    [Test]
    public void A_room_that_is_replaced_has_the_new_one_linked_and_the_old_one_unlinked()
    {
        var change = CascadePlanner.Change([7, 30], Links(7, 9));
        Assert.That(change.Add, Is.EqualTo(new[] { new RoomPair(7, 30) }));
        Assert.That(change.Remove, Is.EqualTo(new[] { new RoomPair(7, 9) }));
    }

    [Test]
    public void A_link_that_was_lost_is_planned_again() =>
        Assert.That(CascadePlanner.Change([7, 9, 12], Links(7, 9, 12)[1..]).Add, Is.EqualTo(new[] { new RoomPair(7, 9) }));

    [Test]
    public void The_last_room_keeps_no_link() => Assert.That(CascadePlanner.Change([7], Links(7, 9)).Remove, Is.EqualTo(new[] { new RoomPair(7, 9) }));
}
