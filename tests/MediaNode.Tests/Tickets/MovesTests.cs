namespace Hype.MediaNode.Tests.Tickets;

/// <summary>The proof of <see cref="MediaNode.Tickets.IndexLimit"/>, tried: whoever finds a history that breaks it has its seed.</summary>
public sealed class MovesTests
{
    private const int Moves = 300;

    [Test]
    public void No_index_is_used_twice_with_a_key_and_everyone_can_read_what_comes([Values(1, 2, 3, 4)] int seed)
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

        TestContext.Out.WriteLine($"{cluster.Carried} carried, {cluster.Renewed} renewed, {cluster.Packets} packets, {cluster.HeldBack} held back");
        Assert.That(cluster.Unreadable, Is.Zero);
        Assert.That(cluster.Carried, Is.GreaterThan(Moves), "the moves were moves");
        Assert.That(cluster.HeldBack, Is.GreaterThan(0), "and limits were met");
        Assert.That(cluster.Renewed, Is.GreaterThan(10), "some histories leave nothing to revive");
    }
}
