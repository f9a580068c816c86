using Hype.EndToEnd.Tests.SwitchGap;
using Hype.EndToEnd.Tests.Voice;

namespace Hype.Cluster.Tests.Harness;

/// <summary>
/// For how long a voice was away in what a browser played. A browser makes up for lost frames by going on with the last sound, and does
/// it well: a steady tone would hardly be missed. The sweep of <see cref="TimeCode"/> is something that it cannot go on with.
/// </summary>
internal static class VoiceGap
{
    /// <summary>ms that the reader cannot tell: where the sweep starts over, and as much as its window is long.</summary>
    public const double Unsure = 45;

    /// <summary>ms: the longest time without a readable sweep.</summary>
    public static double Of(Recording recording)
    {
        var (run, longest) = (0, 0);
        foreach (var frame in new TimeCodeReader(recording.SampleRate).Read(recording))
        {
            run = frame.Delay is null ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }
        return longest * TimeCodeReader.HopMs;
    }
}
