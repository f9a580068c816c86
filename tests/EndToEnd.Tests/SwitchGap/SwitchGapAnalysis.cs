using Hype.EndToEnd.Tests.Voice;

namespace Hype.EndToEnd.Tests.SwitchGap;

/// <summary>
/// Finds the audible faults in a recording of the time code. If the code's delay grows by more than the silence in between, a part was
/// repeated; if it grows by less, or shrinks, a part was skipped. Jitter buffers stretch and compress audio at any time: compare each
/// figure with that of an interval without a switch.
/// </summary>
internal static class SwitchGapAnalysis
{
    // A sine of 500 Hz stays within ±10 % of its amplitude for 0.06 ms: a much longer time is silence.
    private const double SilenceMs = 1;
    private const double SilenceLevel = 0.1;

    // A delay counts when this many consecutive frames agree on it …
    private const int Agreeing = 6;
    private const double AgreementMs = 0.5;

    // … and counts as a new delay when it differs by this much from the last one. Slow drift adds up in steps of this size.
    private const double StepMs = 1;

    // Loudness that differs from the median by this share comes from two paths in or out of phase …
    private const double Swell = 0.25;

    private const double BeatMs = 15;

    // … unless a silence of at least this length explains it.
    private const double HoleMs = 5;

    public static SwitchGap Analyze(Recording recording)
    {
        var frames = new TimeCodeReader(recording.SampleRate).Read(recording).ToArray();
        var rms = Median(frames.Select(frame => frame.Rms));
        if (rms < 1e-3)
            return new SwitchGap(recording.Length.TotalMilliseconds, 0, 0, 0, 0);
        var amplitude = rms * Math.Sqrt(2);

        var silences = FindSilences(recording, amplitude);
        // Two paths that cancel each other leave holes too, but short ones.
        var holes = silences.FindAll(run => Milliseconds(recording, run.End - run.Start) >= HoleMs);
        var (skipped, repeated) = FollowDelay(recording, frames, silences);
        return new SwitchGap(
            silences.Sum(run => Milliseconds(recording, run.End - run.Start)),
            skipped,
            repeated,
            DoubledMs([.. frames.Select(frame => SoundsTwice(frame, rms, holes))]),
            SharpestCorner(recording, frames) / amplitude);
    }

    private static List<(int Start, int End)> FindSilences(Recording recording, double amplitude)
    {
        var silences = new List<(int, int)>();
        var start = 0;
        for (var i = 0; i <= recording.Samples.Length; i++)
        {
            if (i < recording.Samples.Length && Math.Abs(recording.Samples[i]) < SilenceLevel * amplitude)
                continue;
            if (Milliseconds(recording, i - start) >= SilenceMs)
                silences.Add((start, i));
            start = i + 1;
        }

        return silences;
    }

    private static (double SkippedMs, double RepeatedMs) FollowDelay(
        Recording recording, TimeCodeFrame[] frames, List<(int Start, int End)> silences)
    {
        double skipped = 0, repeated = 0;
        double? level = null; // ms
        var since = 0;
        var recent = new Queue<double>();
        foreach (var frame in frames)
        {
            if (frame.Delay is not { } delay || Overlaps(frame, silences))
            {
                recent.Clear();
                continue;
            }

            recent.Enqueue(delay * 1000);
            if (recent.Count > Agreeing)
                recent.Dequeue();
            if (recent.Count < Agreeing)
                continue;
            var now = recent.First();
            var spread = recent.Select(other => Math.Abs(Shortest(other - now))).Max();
            if (spread > AgreementMs)
                continue;
            var step = level is { } before ? Shortest(now - before) : 0;
            var silent = silences
                .Where(run => run.Start >= since && run.End <= frame.Start)
                .Sum(run => Milliseconds(recording, run.End - run.Start));
            if (level is null || Math.Abs(step) > StepMs || silent > 0)
            {
                skipped += Math.Max(0, silent - step);
                repeated += Math.Max(0, step - silent);
                level = now;
                since = frame.Start;
            }
        }

        return (skipped, repeated);
    }

    /// <summary>
    /// Returns the time of the doubled frames. While two paths interfere, the loudness swings through its usual value, so short pauses
    /// between doubled frames count as doubled too.
    /// </summary>
    private static double DoubledMs(bool[] doubled)
    {
        var count = 0;
        var last = int.MinValue / 2;
        for (var i = 0; i < doubled.Length; i++)
        {
            if (!doubled[i])
                continue;
            count += (i - last) * TimeCodeReader.HopMs <= BeatMs ? i - last : 1;
            last = i;
        }

        return count * TimeCodeReader.HopMs;
    }

    private static bool SoundsTwice(TimeCodeFrame frame, double rms, List<(int Start, int End)> holes) =>
        frame.SecondPath || (Math.Abs(frame.Rms / rms - 1) > Swell && !Overlaps(frame, holes));

    /// <summary>
    /// Returns the largest fourth difference of the samples. This difference nearly removes the sweep (at most 0.04 of the amplitude
    /// remain), and triples a jump.
    /// </summary>
    private static double SharpestCorner(Recording recording, TimeCodeFrame[] frames)
    {
        var edges = frames.Where(frame => frame.AtEdge).Select(frame => (frame.Start, frame.End)).ToList();
        var samples = recording.Samples;
        double sharpest = 0;
        for (var i = 4; i < samples.Length; i++)
        {
            var corner = Math.Abs(samples[i] - 4 * samples[i - 1] + 6 * samples[i - 2] - 4 * samples[i - 3] + samples[i - 4]);
            if (corner > sharpest && !edges.Exists(edge => i >= edge.Start && i < edge.End))
                sharpest = corner;
        }

        return sharpest;
    }

    private static bool Overlaps(TimeCodeFrame frame, List<(int Start, int End)> silences) =>
        silences.Any(run => run.Start < frame.End && run.End > frame.Start);

    /// <summary>Returns a difference of delays in milliseconds, taken the shorter way around the time code's period.</summary>
    private static double Shortest(double difference) => Math.IEEERemainder(difference, TimeCode.Period * 1000);

    private static double Milliseconds(Recording recording, int samples) => 1000.0 * samples / recording.SampleRate;

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
