using System.Globalization;

namespace Hype.EndToEnd.Tests.SwitchGap;

/// <summary>The percentiles of a figure that was measured several times.</summary>
internal sealed class Distribution(IEnumerable<double> values)
{
    private readonly double[] _sorted = [.. values.Order()];

    public int Count => _sorted.Length;

    public double Median => Percentile(50);

    public double Worst => _sorted[^1];

    /// <summary>
    /// Returns the smallest measured value that is not below <paramref name="percent"/> percent of all values (nearest rank).
    /// </summary>
    public double Percentile(double percent) => _sorted[Math.Max(0, (int)Math.Ceiling(percent / 100 * _sorted.Length) - 1)];

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"p50 {Median,7:0.0}   p95 {Percentile(95),7:0.0}   worst {Worst,7:0.0}");
}
