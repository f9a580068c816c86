using Hype.EndToEnd.Tests.Voice;

namespace Hype.Cluster.Tests.Harness;

/// <summary>For how long a steady tone was away in what a browser played.</summary>
internal static class ToneGap
{
    // s: finer than a frame, longer than a period of any tone of the tests.
    private const double Window = 0.005;

    // Of the usual loudness. Concealment repeats the last frame for a while, ever fainter, and that is no voice any more.
    private const double Silence = 0.25;

    /// <summary>ms: the longest time for which it was faint.</summary>
    public static double Of(Recording recording)
    {
        var length = (int)(Window * recording.SampleRate);
        var loudness = recording.Samples.Chunk(length).Select(window => Math.Sqrt(window.Average(sample => (double)sample * sample))).ToArray();
        var usual = loudness.Order().ElementAt(loudness.Length / 2);
        var (run, longest) = (0, 0);
        foreach (var level in loudness)
        {
            run = level < Silence * usual ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }
        return longest * Window * 1000;
    }
}
