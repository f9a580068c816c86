using Hype.Cluster.Tests.Testing;
using Hype.LoadTest.Targets;

namespace Hype.Cluster.Tests.Faults;

/// <summary>How the time between a node's death and the first packet of the next one is spent.</summary>
internal static class NodeLossTimeline
{
    /// <summary>What was reached when, in ms after the death; what nobody saw is left out.</summary>
    /// <param name="gaps">What each listener missed of each speaker.</param>
    public static IEnumerable<(string Stage, double Milliseconds)> Read(LocalCluster cluster, Conversation conversation, string node, Moment death, IReadOnlyCollection<AudioGap> gaps)
    {
        var control = cluster.Silos.SelectMany(silo => cluster.Log(silo.Name).Since(death.Wall)).ToArray();
        if (FirstOf(control, $"Media node {node} is gone") is { } detected)
            yield return ("detected: the node is taken for lost", detected);

        var orders = cluster.Nodes.SelectMany(other => cluster.Log(other.Name).Since(death.Wall)).Where(line => line.Text.Contains("Request finished", StringComparison.Ordinal)).ToArray();
        if (FirstOf(orders, "/OpenRoom") is { } placed)
            yield return ("placed: a room is open on another", placed);
        if (LastOf(orders, "/AddEndpoint") is { } revived)
            yield return ("revived: the last endpoint is on it", revived);

        var signalled = conversation.People.Select(talker => talker.Ear.First(SessionMoment.CandidateReceived, death.Media) ?? talker.Ear.First(SessionMoment.ReplacementReceived, death.Media)).ToArray();
        if (signalled.Max() is { } told)
            yield return ("signalled: the last client is told", death.MillisecondsTo(told));

        yield return ("first packet: the first listener", gaps.Min(gap => death.MillisecondsTo(gap.HeardAgainAt)));
        yield return ("first packet: the last listener", gaps.Max(gap => death.MillisecondsTo(gap.HeardAgainAt)));

        double? FirstOf(IEnumerable<LogLine> lines, string word) => Times(lines, word).Min();
        double? LastOf(IEnumerable<LogLine> lines, string word) => Times(lines, word).Max();
        IEnumerable<double?> Times(IEnumerable<LogLine> lines, string word) =>
            lines.Where(line => line.Text.Contains(word, StringComparison.Ordinal)).Select(line => (double?)death.MillisecondsTo(line.At));
    }
}
