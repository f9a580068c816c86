namespace Hype.Cluster.Tests.Testing;

/// <summary>The longest interruption in one listener's reception of one speaker, which sends a frame every 20 ms.</summary>
/// <param name="Lost">The duration of the longest run of lost frames, in milliseconds.</param>
/// <param name="Silence">The longest time between two received frames minus the regular 20 ms, in milliseconds.</param>
/// <param name="HeardAgainAt">The arrival of the frame that ended this time, in µs.</param>
/// <param name="LostFrames">The total number of lost frames.</param>
/// <param name="FirstLost">The number of the first lost frame; -1 if none is lost.</param>
internal sealed record AudioGap(double Lost, double Silence, long HeardAgainAt, int LostFrames, int FirstLost)
{
    private const int FrameMilliseconds = 20;

    /// <param name="first">The number of the first frame that counts. Frames after the newest received one do not count as lost.</param>
    public static AudioGap Of(FrameArrivals frames, int first)
    {
        var (run, longest, lost, firstLost) = (0, 0, 0, -1);
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
                if (lost == 1 && run == 1)
                    firstLost = frame;
                if (at != 0 && before is { } previous && at - previous > silence)
                    (silence, heardAgainAt) = (at - previous, at);
            }

            if (at != 0)
                before = Math.Max(before ?? 0, at);
        }

        return new AudioGap(
            longest * FrameMilliseconds, Math.Max(0, (silence / 1000.0) - FrameMilliseconds), heardAgainAt, lost, firstLost);
    }
}
