using Hype.Cluster.Tests.Harness;

namespace Hype.Cluster.Tests.Faults;

/// <summary>How the time between a node's death and the first packet of the next one is spent.</summary>
internal static class NodeLossTimeline
{
    /// <summary>What was reached when, in ms after the death; what no log tells is left out.</summary>
    /// <param name="gaps">What each listener missed of each speaker.</param>
    public static IEnumerable<(string Stage, double Milliseconds)> Read(LocalCluster cluster, string node, Moment death, IReadOnlyCollection<AudioGap> gaps)
    {
        var said = cluster.Silos.SelectMany(silo => cluster.Log(silo.Name).Since(death.Wall)).OrderBy(line => line.At).ToArray();
        if (said.FirstOrDefault(line => line.Text.Contains($"Media node {node} is gone", StringComparison.Ordinal)) is { } detected)
            yield return ("detected", death.MillisecondsTo(detected.At));
        yield return ("first packet, the first listener", gaps.Min(gap => death.MillisecondsTo(gap.HeardAgainAt)));
        yield return ("first packet, the last listener", gaps.Max(gap => death.MillisecondsTo(gap.HeardAgainAt)));
    }
}
