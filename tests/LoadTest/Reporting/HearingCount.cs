using Hype.LoadTest.Running;
using Hype.LoadTest.Statistics;

namespace Hype.LoadTest.Reporting;

/// <summary>
/// What listeners should have received against what they did, second by second. A frame is expected by everyone in the channel but
/// its speaker who heard from before it was said until after.
/// </summary>
internal sealed class HearingCount
{
    /// <summary>Copies, by second of the run.</summary>
    public sealed record Second(long Expected, long Received, long NotSelected);

    public required IReadOnlyList<Second> Seconds { get; init; }

    /// <summary>For runs in which everyone has left.</summary>
    public static HearingCount Of(Crowd crowd, int seconds)
    {
        var (expected, received, unselected) = (new long[seconds], new long[seconds], new long[seconds]);
        foreach (var channel in crowd.Everyone.GroupBy(attendee => attendee.Place.Channel))
        {
            foreach (var ear in channel.Select(attendee => attendee.Ear).Where(ear => ear.HearsFrom != 0))
            {
                var others = channel.Key.Logs.Where(log => log.Speaker != ear.Number).ToArray();
                for (var second = 0; second < seconds; second++)
                    CountSecond(ear, others, second, ref expected[second], ref received[second], ref unselected[second]);
            }
        }
        return new HearingCount { Seconds = [.. expected.Zip(received, unselected).Select(three => new Second(three.First, three.Second, three.Third))] };
    }

    private static void CountSecond(Ear ear, SpeechLog[] others, int second, ref long expected, ref long received, ref long unselected)
    {
        long missing = 0;
        var talkers = 0;
        foreach (var log in others)
        {
            var said = log.CountInSecond(second, ear.HearsFrom, ear.HearsUntil);
            if (said == 0)
                continue;
            var heard = ear.Find(log.Speaker)?.InSecond(second) ?? 0;
            talkers++;
            expected += said;
            received += heard;
            // Nothing at all of a talker for a second: not loss but choice, if there were more talkers than slots.
            if (heard == 0)
                missing += said;
        }
        if (talkers <= ear.Slots)
            return;
        expected -= missing;
        unselected += missing;
    }
}
