namespace Hype.Cluster.Tests.Faults;

/// <summary>Transports are portable, the default: another node continues the same connections.</summary>
internal sealed class KillMediaNodePortable()
    : KillMediaNode(new FaultGoal(
        "kill -9 a media node, portable transports", "all hear each other again", "ms", Median: 500, Worst: 1_500, Slack: 1_000))
{
    protected override bool KeepsConnections => true;
}
