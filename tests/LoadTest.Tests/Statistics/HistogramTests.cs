using Hype.MediaClient;

namespace Hype.LoadTest.Tests.Statistics;

internal sealed class HistogramTests
{
    [Test]
    public void Percentiles_of_small_values_are_exact()
    {
        var histogram = new Histogram();
        for (var value = 1; value <= 60; value++)
            histogram.Add(value);

        Assert.Multiple(() =>
        {
            Assert.That(histogram.Percentile(50), Is.EqualTo(30));
            Assert.That(histogram.Percentile(95), Is.EqualTo(57));
            Assert.That(histogram.Percentile(100), Is.EqualTo(60));
        });
    }

    [TestCase(1_000)]
    [TestCase(65_536)]
    [TestCase(1_234_567)]
    [TestCase(60_000_000_000)]
    public void Percentile_of_a_histogram_is_at_most_one_thirtieth_too_high_and_never_too_low(long scale)
    {
        var random = new Random(7);
        var values = Enumerable.Range(0, 5_000).Select(_ => random.NextInt64(scale)).ToArray();
        var histogram = new Histogram();
        foreach (var value in values)
            histogram.Add(value);
        Array.Sort(values);

        foreach (var percent in new[] { 1, 50, 95, 99, 99.9 })
        {
            var exact = values[(int)Math.Ceiling(percent / 100 * values.Length) - 1];
            Assert.That(histogram.Percentile(percent), Is.InRange(exact, exact + (exact / 30) + 1), $"p{percent}");
        }

        Assert.That(histogram.Max, Is.EqualTo(values[^1]));
    }

    [Test]
    public void Sum_of_two_histograms_has_the_values_of_both()
    {
        var (left, right) = (new Histogram(), new Histogram());
        left.Add(10);
        right.Add(1_000_000);
        right.Add(long.MaxValue);

        left.Add(right);

        Assert.Multiple(() =>
        {
            Assert.That(left.Count, Is.EqualTo(3));
            Assert.That(left.Max, Is.EqualTo(long.MaxValue));
            Assert.That(left.Percentile(33), Is.EqualTo(10));
            Assert.That(left.Percentile(66), Is.InRange(1_000_000, 1_033_000));
        });
    }

    [Test]
    public void Percentile_of_an_empty_histogram_is_0() => Assert.That(new Histogram().Percentile(99), Is.Zero);
}
