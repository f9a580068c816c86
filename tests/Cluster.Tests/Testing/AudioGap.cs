namespace Hype.Cluster.Tests.Testing;

/// <summary>The gap in one listener's reception of a constant speaker.</summary>
/// <param name="Lost">ms: the longest run of lost frames.</param>
/// <param name="Silence">ms: the longest time between two received frames, beyond the regular 20 ms.</param>
/// <param name="HeardAgainAt">µs: the end of that time.</param>
/// <param name="LostFrames">The total number of lost frames.</param>
internal sealed record AudioGap(double Lost, double Silence, long HeardAgainAt, int LostFrames)
{
    private const int FrameMilliseconds = 20;

    /// <param name="first">The first frame that counts. Frames after the newest received one are not known to be lost.</param>
    public static AudioGap Of(FrameArrivals frames, int first)
    {
        var (run, longest, lost) = (0, 0, 0);
        var (silence, heardAgainAt) = (0L, 0L);
        long? before = null;
        for (var frame = 0; frame < frames.Count; frame++)
        {
            var at = frames.ArrivedAt(frame);
            if (frame >= first)
            {
                run = at == 0 ? run + 1 : 0;
                lost += at == 0 ? 1 : 0;
                longest = Math.Max(longest, run);
                if (at != 0 && before is { } previous && at - previous > silence)
                    (silence, heardAgainAt) = (at - previous, at);
            }
            if (at != 0)
                before = Math.Max(before ?? 0, at);
        }
        return new AudioGap(longest * FrameMilliseconds, Math.Max(0, (silence / 1000.0) - FrameMilliseconds), heardAgainAt, lost);
    }
}
