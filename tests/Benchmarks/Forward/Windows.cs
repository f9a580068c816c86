namespace Hype.Benchmarks.Forward;

/// <summary>How long each part is measured: the whole table in about five minutes, or in less than 45 s.</summary>
/// <param name="Warmup">Until the JIT has compiled the path for good.</param>
/// <param name="Round">Of each of the two that are compared, in turn.</param>
/// <param name="Steady">For allocation and collections.</param>
/// <param name="RealRate">For each of the four shapes.</param>
/// <param name="Settle">From the first word in a node process to the measurement: the JIT works for longer at a low rate.</param>
internal sealed record Windows(TimeSpan Warmup, int Rounds, TimeSpan Round, TimeSpan Steady, TimeSpan Settle, TimeSpan RealRate, TimeSpan Latency)
{
    public static readonly Windows Whole = new(Seconds(3), 9, Seconds(1), Seconds(60), Seconds(15), Seconds(20), Seconds(10));

    public static readonly Windows Quick = new(Seconds(1.5), 5, Seconds(0.5), Seconds(3), Seconds(2), Seconds(2), Seconds(3));

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
