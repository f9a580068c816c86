using Hype.Grains.Cascade;

namespace Hype.Grains.Tests.Cascade;

/// <summary>Tests which rooms of a channel are linked.</summary>
public sealed class CascadePlannerTests
{
    private static readonly RoomEpoch[] Epochs = [new(12), new(7), new(30), new(9), new(21)];

    private static RoomPair[] Links(params RoomEpoch[] rooms) => [.. CascadePlanner.Links(rooms)];

    [TestCase(0, 0)]
    [TestCase(1, 0)]
    [TestCase(2, 1)]
    [TestCase(3, 3)]
    [TestCase(4, 6)]
    [TestCase(5, 10)]
    public void Each_pair_of_rooms_has_exactly_one_link(int rooms, int links)
    {
        var planned = Links(Epochs[..rooms]);
        Assert.That(planned, Has.Length.EqualTo(links).And.Unique);
        Assert.That(
            planned.Select(link => (link.Low, link.High)), Is.All.Matches<(RoomEpoch Low, RoomEpoch High)>(link => link.Low < link.High));
    }

    [Test]
    public void Packet_of_a_room_reaches_each_other_room_over_exactly_one_link([Range(1, 5)] int rooms)
    {
        var links = Links(Epochs[..rooms]);
        foreach (var speaking in Epochs[..rooms])
        {
            // The node's rule: a room sends the audio of its own members over all its links, and never audio that arrived over a link.
            var heard = links
                .Where(link => link.Low == speaking || link.High == speaking)
                .Select(link => link.Low == speaking ? link.High : link.Low);
            Assert.That(heard, Is.EquivalentTo(Epochs[..rooms].Where(room => room != speaking)));
        }
    }
}
