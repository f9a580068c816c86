namespace Hype.Cluster.Tests.Testing;

/// <summary>What one listener missed of one speaker who talked all the time.</summary>
/// <param name="Lost">ms: the longest run of frames that never came.</param>
/// <param name="Silence">ms: the longest time between two frames that came, beyond the 20 ms that are between any two.</param>
/// <param name="HeardAgainAt">µs: the end of that time.</param>
/// <param name="LostFrames">Frames that never came, all together.</param>
internal sealed record AudioGap(double Lost, double Silence, long HeardAgainAt, int LostFrames)
{
    private const int FrameMilliseconds = 20;

    /// <param name="first">Frames from here on count. What was said after the newest frame that came is not known to be lost.</param>
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
