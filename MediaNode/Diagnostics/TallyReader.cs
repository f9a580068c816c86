using System.Diagnostics.Metrics;

namespace Hype.MediaNode.Diagnostics;

/// <summary>
/// Transfers values from a <see cref="Tally"/> to a histogram of the framework: all values that the tally has counted since the previous
/// transfer.
/// </summary>
internal sealed class TallyReader(Tally tally, Histogram<double> histogram, params KeyValuePair<string, object?>[] labels)
{
    /// <summary>
    /// The maximum number of values transferred in one read, so that metrics do not load a busy node. If more values were counted, the
    /// reader transfers a sample: from each bucket its share, and at least one value.
    /// </summary>
    public const int MaxPerRead = 1_000;

    private readonly long[] _seen = new long[tally.Buckets];

    public void Read()
    {
        Span<long> added = stackalloc long[_seen.Length];
        var total = 0L;
        for (var bucket = 0; bucket < added.Length; bucket++)
        {
            var count = tally.Count(bucket);
            added[bucket] = count - _seen[bucket];
            total += added[bucket];
            _seen[bucket] = count;
        }

        for (var bucket = 0; bucket < added.Length; bucket++)
        {
            var values = total <= MaxPerRead ? added[bucket] : ((added[bucket] * MaxPerRead) + total - 1) / total;
            for (; values > 0; values--)
                histogram.Record(tally.Value(bucket), labels);
        }
    }
}
