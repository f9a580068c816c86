using Hype.LoadTest.Running;
using Hype.MediaClient;

namespace Hype.LoadTest.Reporting;

/// <summary>
/// The longest silence of each pair of listener and speaker: the time in which the speaker talked and no new audio arrived. A speaker's
/// pause does not count as silence; a time in which the server did not select the speaker does.
/// </summary>
internal sealed class SilenceCount
{
    // A readable number of entries.
    private const int Named = 10;

    /// <summary>The distribution of the longest silences of all pairs, in µs.</summary>
    public Histogram Longest { get; } = new();

    /// <summary>The pairs with the longest silences, longest first.</summary>
    public required IReadOnlyList<PairSilence> Worst { get; init; }

    /// <summary>Returns the longest silences of a run that has ended.</summary>
    public static SilenceCount Of(Crowd crowd)
    {
        var pairs = (
            from channel in crowd.Everyone.GroupBy(attendee => attendee.Place.Channel)
            from ear in channel.Select(attendee => attendee.Ear)
            where ear.HearsFrom != 0
            from said in channel.Key.Logs
            where said.Speaker != ear.Number && said.CountBetween(ear.HearsFrom, ear.HearsUntil) > 0
            select (Channel: channel.Key.Name, Listener: ear.Number, said.Speaker, Silence: ear.LongestSilence(said))).ToArray();
        var count = new SilenceCount
        {
            Worst = [.. pairs.OrderByDescending(pair => pair.Silence).Take(Named)
                .Select(pair => new PairSilence(pair.Channel, pair.Listener, pair.Speaker, Math.Round(pair.Silence / 1000.0, 1)))],
        };
        foreach (var pair in pairs)
            count.Longest.Add(pair.Silence);
        return count;
    }
}
