using System.Diagnostics.Metrics;

namespace Hype.Hosting.Telemetry;

/// <summary>
/// A counter with one label whose values are a closed set. All values are exported from the start, at 0: Prometheus would miss the first
/// increase of a series that starts at 1.
/// </summary>
/// <typeparam name="T">The set; its values begin at 0 and have few gaps.</typeparam>
public sealed class CounterOf<T> where T : struct, Enum
{
    private static readonly T[] Values = Enum.GetValues<T>();

    private readonly long[] _counts = new long[Values.Max(Index) + 1];

    /// <param name="meter">The meter of the counter.</param>
    /// <param name="name">The OpenTelemetry name, with dots.</param>
    /// <param name="unit">The UCUM unit.</param>
    /// <param name="description">One sentence.</param>
    /// <param name="label">The label's name.</param>
    /// <param name="nameOf">The label's values; null: the value cannot occur, and is not exported.</param>
    public CounterOf(Meter meter, string name, string unit, string description, string label, Func<T, string?> nameOf)
    {
        var shown = Values.Where(value => nameOf(value) is not null)
            .Select(value => (Index(value), new KeyValuePair<string, object?>(label, nameOf(value)))).ToArray();
        meter.CreateObservableCounter(name,
            () => shown.Select(value => new Measurement<long>(Volatile.Read(ref _counts[value.Item1]), value.Item2)), unit, description);
    }

    public void Add(T value) => Interlocked.Increment(ref _counts[Index(value)]);

    private static int Index(T value) => Convert.ToInt32(value);
}
