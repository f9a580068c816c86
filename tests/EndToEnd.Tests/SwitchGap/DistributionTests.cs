namespace Hype.EndToEnd.Tests.SwitchGap;

internal sealed class DistributionTests
{
    [Test]
    public void Percentile_is_a_measured_value_without_interpolation()
    {
        var distribution = new Distribution(Enumerable.Range(1, 20).Select(value => (double)value).Reverse());

        Assert.That((distribution.Median, distribution.Percentile(95), distribution.Worst), Is.EqualTo((10, 19, 20)));
    }

    [Test]
    public void All_percentiles_of_a_single_value_equal_that_value()
    {
        var distribution = new Distribution([4.2]);

        Assert.That((distribution.Median, distribution.Percentile(95), distribution.Worst), Is.EqualTo((4.2, 4.2, 4.2)));
    }
}
