namespace Hype.Cluster.Tests.Faults;

internal sealed class FaultTableTests
{
    [TestCase(new[] { 3.0, 1, 2 }, 2)]
    [TestCase(new[] { 4.0, 1, 3, 2 }, 2.5)]
    [TestCase(new[] { 7.0 }, 7)]
    public void Median_is_the_middle_value_or_for_an_even_count_the_mean_of_the_two_middle_values(double[] figures, double median) =>
        Assert.That(FaultTable.Median(figures), Is.EqualTo(median));

    [Test]
    public void Table_rows_contain_the_median_worst_figure_and_goal_and_are_grouped_by_fault()
    {
        var gap = new FaultGoal("kill", "gap", "ms", 500, 1500);
        var other = new FaultGoal("drain", "gap", "ms", null, 20);
        var reported = new FaultGoal("kill", "detect", "ms", null, null);

        var lines = FaultTable.Text([(gap, [410, 1200, 430]), (other, [0]), (reported, [12.25])]).Split('\n');

        Assert.That(lines[2], Is.EqualTo("| kill | gap | 3 | 430 ms | 1,200 ms | ≤ 500 / ≤ 1,500 ms |"));
        Assert.That(lines[3], Is.EqualTo("| kill | detect | 1 | 12 ms | 12 ms | – |"));
        Assert.That(lines[4], Is.EqualTo("| drain | gap | 1 | 0 ms | 0 ms | – / ≤ 20 ms |"));
    }

    [Test]
    public void Durations_list_each_test_and_their_sum()
    {
        Func<long, TimeSpan> seconds = TimeSpan.FromSeconds;

        var lines = FaultTable.DurationsText(
        [
            new("KillSilo", seconds(20), [seconds(10), seconds(30), seconds(12)]),
            new("LastSeat", seconds(0), [seconds(48)]),
        ]).Split('\n');

        Assert.That(lines[2], Is.EqualTo("| KillSilo | 20 s | 3 | 12 s | 72 s |"));
        Assert.That(lines[3], Is.EqualTo("| LastSeat | 0 s | 1 | 48 s | 48 s |"));
        Assert.That(lines[4], Is.EqualTo("| all | | | | 2.0 min |"));
    }
}
