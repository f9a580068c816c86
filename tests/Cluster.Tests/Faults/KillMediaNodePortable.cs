namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Kills the media node in a cluster with the default settings, portable transports: another node revives the members' connections under
/// the same keys.
/// </summary>
internal sealed class KillMediaNodePortable()
    : KillMediaNode(new FaultGoal(
        "kill -9 a media node, portable transports", "all hear each other again", "ms", Median: 500, Worst: 1_500, Slack: 1_000))
{
    protected override bool KeepsConnections => true;
}
