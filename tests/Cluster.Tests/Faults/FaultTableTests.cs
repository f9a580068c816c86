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
    public void Median_above_its_limit_is_reported_although_no_run_exceeds_the_worst_limit()
    {
        var gap = new FaultGoal("kill", "gap", "ms", 500, 1500);
        var count = new FaultGoal("kill", "missing", "", 0, null);

        Assert.That(
            FaultTable.MissedMedians([(gap, [400, 600.5, 1400]), (count, [0, 1])]),
            Is.EqualTo(new[] { "kill: gap: median 600.5, limit 500 ms", "kill: missing: median 0.5, limit 0" }));
    }

    [Test]
    public void Median_at_its_limit_and_figures_without_a_limit_of_the_median_are_not_reported()
    {
        var gap = new FaultGoal("kill", "gap", "ms", 500, 1500);
        var worst = new FaultGoal("drain", "exit", "ms", null, 20);

        Assert.That(FaultTable.MissedMedians([(gap, [1400, 500, 400]), (worst, [90])]), Is.Empty);
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
