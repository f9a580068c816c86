namespace Hype.Benchmarks.Forward;

/// <summary>The durations of the benchmark's parts. The whole table takes about seven minutes, the quick one less than 45 s.</summary>
/// <param name="Warmup">The time until the JIT has compiled the path completely.</param>
/// <param name="Round">The duration of one round of each of the two compared loops, which run in turn.</param>
/// <param name="Sustained">The duration of the allocation part.</param>
/// <param name="Stabilise">The time from the first frame in a node process to the measurement: at a low rate the JIT takes longer.</param>
/// <param name="RealRate">The duration of the measurement of each of the four shapes.</param>
/// <param name="Handshakes">The number of handshakes, one after another.</param>
internal sealed record Pace(TimeSpan Warmup, int Rounds, TimeSpan Round, TimeSpan Sustained, TimeSpan Stabilise, TimeSpan RealRate,
    TimeSpan Latency, int Handshakes)
{
    public static readonly Pace Whole = new(Seconds(3), 9, Seconds(1), Seconds(60), Seconds(20), Seconds(20), Seconds(10), 500);

    public static readonly Pace Quick = new(Seconds(1), 4, Seconds(0.4), Seconds(2), Seconds(5), Seconds(3), Seconds(1.5), 100);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
