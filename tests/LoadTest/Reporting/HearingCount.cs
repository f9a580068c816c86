using Hype.LoadTest.Running;
using Hype.LoadTest.Statistics;

namespace Hype.LoadTest.Reporting;

/// <summary>
/// Compares, second by second, the copies of frames that listeners received with the copies that they should have received. A listener
/// should receive each frame that another member of its channel sent between <see cref="Ear.HearsFrom"/> and <see cref="Ear.HearsUntil"/>.
/// </summary>
internal sealed class HearingCount
{
    public required IReadOnlyList<Second> Seconds { get; init; }

    /// <summary>Returns the numbers of expected and received copies of a run that has ended.</summary>
    public static HearingCount Of(Crowd crowd, int seconds)
    {
        var (expected, received, unselected) = (new long[seconds], new long[seconds], new long[seconds]);
        foreach (var channel in crowd.Everyone.GroupBy(attendee => attendee.Place.Channel))
        {
            foreach (var ear in channel.Select(attendee => attendee.Ear).Where(ear => ear.HearsFrom != 0))
            {
                var others = channel.Key.Logs.Where(log => log.Speaker != ear.Number).ToArray();
                for (var second = 0; second < seconds; second++)
                {
                    var counted = CountSecond(ear, others, second);
                    expected[second] += counted.Expected;
                    received[second] += counted.Received;
                    unselected[second] += counted.NotSelected;
                }
            }
        }

        return new HearingCount
        {
            Seconds = [.. expected.Zip(received, unselected)
            .Select(three => new Second(three.First, three.Second, three.Third))]
        };
    }

    /// <summary>
    /// Returns the numbers of expected and received copies of one listener, for the frames that were sent in one second of the run.
    /// </summary>
    /// <param name="others">The logs of all other speakers of the listener's channel.</param>
    public static Second CountSecond(Ear ear, IReadOnlyCollection<SpeechLog> others, int second)
    {
        long expected = 0, received = 0;
        var talkers = 0;
        var unheard = new List<int>();
        foreach (var log in others)
        {
            var said = log.CountInSecond(second, ear.HearsFrom, ear.HearsUntil);
            if (said == 0)
                continue;
            var heard = ear.Find(log.Speaker)?.InSecond(second) ?? 0;
            talkers++;
            expected += said;
            received += heard;
            if (heard == 0)
                unheard.Add(said);
        }

        // A speaker missing for a whole second was not selected, and this is not loss, for as many as there were speakers above the slots:
        // those with the fewest frames, so that in doubt it counts as loss.
        long unselected = unheard.Order().Take(Math.Max(0, talkers - ear.Slots)).Sum();
        return new Second(expected - unselected, received, unselected);
    }

    /// <summary>
    /// The numbers of copies of the frames that were sent in one second of the run: expected, received, and withheld because the server
    /// did not select the speaker.
    /// </summary>
    public sealed record Second(long Expected, long Received, long NotSelected);
}
