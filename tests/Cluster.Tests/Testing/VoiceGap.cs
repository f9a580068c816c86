using Hype.EndToEnd.Tests.SwitchGap;
using Hype.EndToEnd.Tests.Voice;

namespace Hype.Cluster.Tests.Testing;

/// <summary>
/// The time for which a voice was missing in a browser's output. A browser conceals lost frames by extending the last sound, and does
/// it well: a constant tone would hardly show a gap. The sweep of <see cref="TimeCode"/> is a sound that it cannot extend.
/// </summary>
internal static class VoiceGap
{
    /// <summary>The time in ms that the reader cannot resolve: the restart of the sweep, and the length of its window.</summary>
    public const double Unsure = 45;

    // s: between two frames a playing sweep advances with the time; for a sound that stands still the reader reports that it falls
    // behind by the whole step.
    private const double LongestStep = TimeCodeReader.HopMs / 1000 / 2;

    /// <summary>Returns the longest time without an advancing sweep, in ms.</summary>
    public static double Of(Recording recording)
    {
        var (run, longest) = (0, 0);
        double? before = null;
        foreach (var frame in new TimeCodeReader(recording.SampleRate).Read(recording))
        {
            var goesOn = frame.Delay is { } delay && before is { } last
                && Math.Abs(Math.IEEERemainder(delay - last, TimeCode.Period)) < LongestStep;
            run = goesOn ? 0 : run + 1;
            longest = Math.Max(longest, run);
            before = frame.Delay;
        }
        return longest * TimeCodeReader.HopMs;
    }
}
