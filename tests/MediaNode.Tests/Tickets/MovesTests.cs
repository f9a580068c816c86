namespace Hype.MediaNode.Tests.Tickets;

/// <summary>
/// Tests the proof in <see cref="MediaNode.Tickets.IndexLimit"/> (no SRTP index is used twice) with random sequences of moves, failures
/// and delays. The seed of a failed sequence repeats it.
/// </summary>
public sealed class MovesTests
{
    private const int Moves = 300;

    [Test]
    public void SRTP_indices_stay_unique_and_packets_decryptable_over_many_moves_between_nodes([Values(1, 2, 3, 4)] int seed)
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
                case 3:
                    cluster.KillTwice();
                    break;
                case < 7:
                    cluster.Restart();
                    break;
                case < 12:
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
        Assert.That(cluster.Carried, Is.GreaterThan(Moves), "tickets carried the transports");
        Assert.That(cluster.HeldBack, Is.GreaterThan(0), "some packets reached a limit");
        Assert.That(cluster.Renewed, Is.GreaterThan(10), "some histories leave no ticket to revive");
    }
}
