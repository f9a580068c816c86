using Hype.Cluster.Tests.Testing;
using Hype.LoadTest.Targets;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Reads, from logs and clients, the times of the phases between the death of a media node and the first packets of its successor.
/// </summary>
internal static class NodeLossTimeline
{
    /// <summary>Returns each phase with its time in milliseconds after the death; a phase that was not observed is omitted.</summary>
    /// <param name="gaps">The gap of each pair of listener and speaker.</param>
    public static IEnumerable<(string Stage, double Milliseconds)> Read(
        LocalCluster cluster, Conversation conversation, string node, Moment death, IReadOnlyCollection<AudioGap> gaps)
    {
        var control = cluster.Silos.SelectMany(silo => cluster.Log(silo.Name).Since(death.Wall)).ToArray();
        if (FirstOf(control, $"Media node {node} is gone") is { } detected)
            yield return ("detected: the node is considered lost", detected);

        if (FirstOf(control, " has room ") is { } placed)
            yield return ("placed: a room is open on another node", placed);
        if (LastOf(control, "its endpoint is revived there") is { } revived)
            yield return ("revived: the last endpoint is on the other node", revived);

        var signalled = conversation.People.Select(talker => talker.Reception.First(SessionMoment.CandidateReceived, death.Media)
            ?? talker.Reception.First(SessionMoment.ReplacementReceived, death.Media)).ToArray();
        if (signalled.Max() is { } notified)
            yield return ("signalled: the last client is notified", death.MillisecondsTo(notified));

        yield return ("first packet: the first listener", gaps.Min(gap => death.MillisecondsTo(gap.HeardAgainAt)));
        yield return ("first packet: the last listener", gaps.Max(gap => death.MillisecondsTo(gap.HeardAgainAt)));

        double? FirstOf(IEnumerable<LogLine> lines, string word) => Times(lines, word).Min();
        double? LastOf(IEnumerable<LogLine> lines, string word) => Times(lines, word).Max();
        IEnumerable<double?> Times(IEnumerable<LogLine> lines, string word) =>
            lines.Where(line => line.Text.Contains(word, StringComparison.Ordinal)).Select(line => (double?)death.MillisecondsTo(line.At));
    }
}
