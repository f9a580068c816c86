using Hype.Cluster.Tests.Testing;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Reads, from the logs of the other silos, the phases between the loss of a silo and the activation of its channel elsewhere.
/// </summary>
internal static class SiloLossTimeline
{
    private static readonly (string Stage, string Words)[] Stages =
    [
        ("suspected: the first probe failed", "Did not get response for probe"),
        ("declared dead: the directory holds its grains", "have been put under a lease"),
    ];

    /// <summary>Returns each phase with its time in milliseconds after the loss; a phase that was not observed is omitted.</summary>
    public static IEnumerable<(string Stage, double Milliseconds)> Read(LocalCluster cluster, string channel, Moment lost)
    {
        var lines = cluster.Silos.SelectMany(silo => cluster.Log(silo.Name).Since(lost.Wall))
            .OrderBy(line => line.At).ToArray();
        foreach (var (stage, words) in Stages.Append(("activated: the channel is on another silo", $"Channel {channel} activated as")))
        {
            if (Array.Find(lines, line => line.Text.Contains(words, StringComparison.Ordinal)) is { } line)
                yield return (stage, lost.MillisecondsTo(line.At));
        }
    }
}
