using System.Diagnostics.Metrics;

namespace Hype.MediaNode.Diagnostics;

/// <summary>Passes the values that a <see cref="Tally"/> has counted since the last read on to a histogram.</summary>
internal sealed class TallyReader(Tally tally, Histogram<double> histogram, params KeyValuePair<string, object?>[] labels)
{
    /// <summary>
    /// The maximum number of values passed on at once, so that metrics do not load a busy node. If there are more, each bucket passes on
    /// its share, at least one.
    /// </summary>
    public const int Most = 1_000;

    private readonly long[] _seen = new long[tally.Buckets];

    public void Read()
    {
        Span<long> news = stackalloc long[_seen.Length];
        var total = 0L;
        for (var bucket = 0; bucket < news.Length; bucket++)
        {
            var count = tally.Count(bucket);
            news[bucket] = count - _seen[bucket];
            total += news[bucket];
            _seen[bucket] = count;
        }

        for (var bucket = 0; bucket < news.Length; bucket++)
        {
            var figures = total <= Most ? news[bucket] : ((news[bucket] * Most) + total - 1) / total;
            for (; figures > 0; figures--)
                histogram.Record(tally.Figure(bucket), labels);
        }
    }
}
