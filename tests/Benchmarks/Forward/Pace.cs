namespace Hype.Benchmarks.Forward;

/// <summary>How long each part is measured: the whole table in about seven minutes, or the path, allocation, latency, memory and handshakes in less than 45 s.</summary>
/// <param name="Warmup">Until the JIT has compiled the path for good.</param>
/// <param name="Round">Of each of the two that are compared, in turn.</param>
/// <param name="Steady">For allocation and collections.</param>
/// <param name="Settle">From the first word in a node process to the measurement: the JIT works for longer at a low rate.</param>
/// <param name="RealRate">For each of the four shapes.</param>
/// <param name="Handshakes">One after the other.</param>
internal sealed record Pace(TimeSpan Warmup, int Rounds, TimeSpan Round, TimeSpan Steady, TimeSpan Settle, TimeSpan RealRate, TimeSpan Latency, int Handshakes)
{
    public static readonly Pace Whole = new(Seconds(3), 9, Seconds(1), Seconds(60), Seconds(20), Seconds(20), Seconds(10), 500);

    public static readonly Pace Quick = new(Seconds(1), 4, Seconds(0.4), Seconds(2), Seconds(5), Seconds(3), Seconds(1.5), 100);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
