using Hype.EndToEnd.Tests.SwitchGap;
using Hype.EndToEnd.Tests.Voice;

namespace Hype.Cluster.Tests.Testing;

/// <summary>
/// Measures for how long a speaker was missing in a browser's output. A browser conceals lost frames by extending the last sound: a
/// constant tone would hardly show a gap, but the sweep of <see cref="TimeCode"/> cannot be extended.
/// </summary>
internal static class VoiceGap
{
    /// <summary>
    /// The inaccuracy of the measurement, in milliseconds, which results from the restart of the sweep and the length of the reader's
    /// window.
    /// </summary>
    public const double Unsure = 45;

    // s: while the sweep plays, its delay is the same in two consecutive frames; for a constant sound, the reader reports a delay that
    // grows by the whole distance between the frames.
    private const double LongestStep = TimeCodeReader.HopMs / 1000 / 2;

    /// <summary>Returns the longest time without an advancing sweep, in milliseconds.</summary>
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
