using Hype.EndToEnd.Tests.SwitchGap;
using Hype.EndToEnd.Tests.Voice;

namespace Hype.Cluster.Tests.Testing;

/// <summary>
/// For how long a voice was away in what a browser played. A browser makes up for lost frames by going on with the last sound, and does
/// it well: a steady tone would hardly be missed. The sweep of <see cref="TimeCode"/> is something that it cannot go on with.
/// </summary>
internal static class VoiceGap
{
    /// <summary>ms that the reader cannot tell: where the sweep starts over, and as much as its window is long.</summary>
    public const double Unsure = 45;

    // s: between two frames a sweep that sounds goes on as the time does; of a sound that stands still the reader says that it falls
    // behind by all of it.
    private const double Steady = TimeCodeReader.HopMs / 1000 / 2;

    /// <summary>ms: the longest time without a sweep that goes on.</summary>
    public static double Of(Recording recording)
    {
        var (run, longest) = (0, 0);
        double? before = null;
        foreach (var frame in new TimeCodeReader(recording.SampleRate).Read(recording))
        {
            var goesOn = frame.Delay is { } delay && before is { } last && Math.Abs(Math.IEEERemainder(delay - last, TimeCode.Period)) < Steady;
            run = goesOn ? 0 : run + 1;
            longest = Math.Max(longest, run);
            before = frame.Delay;
        }
        return longest * TimeCodeReader.HopMs;
    }
}
