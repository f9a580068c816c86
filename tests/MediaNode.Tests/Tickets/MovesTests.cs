namespace Hype.MediaNode.Tests.Tickets;

/// <summary>
/// A property test of the proof in <see cref="MediaNode.Tickets.IndexLimit"/>; a failing history is repeated by its seed.
/// </summary>
public sealed class MovesTests
{
    private const int Moves = 300;

    [Test]
    public void Moves_use_no_index_twice_with_a_key_and_all_packets_are_readable([Values(1, 2, 3, 4)] int seed)
    {
        var random = new Random(seed);
        using var cluster = new MovingCluster(seed);
        for (var move = 0; move < Moves; move++)
        {
            cluster.Talk();
            switch (random.Next(20))
            {
                case 0:
                    cluster.Outage();
                    break;
                case < 3:
                    cluster.Partition();
                    break;
                case < 10:
                    cluster.Kill();
                    break;
                default:
                    cluster.Drain();
                    break;
            }
        }

        TestContext.Out.WriteLine(
            $"{cluster.Carried} carried, {cluster.Renewed} renewed, {cluster.Packets} packets, {cluster.HeldBack} held back");
        Assert.That(cluster.Unreadable, Is.Zero);
        Assert.That(cluster.Carried, Is.GreaterThan(Moves), "the moves were moves");
        Assert.That(cluster.HeldBack, Is.GreaterThan(0), "and limits were met");
        Assert.That(cluster.Renewed, Is.GreaterThan(10), "some histories leave nothing to revive");
    }
}
