using System.Globalization;

namespace Hype.Contracts.Tests.Documents;

/// <summary>Tests that the tables of docs/capacity.md follow from the formulas of the page.</summary>
public sealed class CapacityPageTests
{
    private const double PacketsPerSpeaker = 50;
    private const double BytesPerPacket = 168;
    private const double SecondsPerMonth = 2_628_000;
    private const double ShareOfMonth = 0.25;

    private static readonly string[] Lines = Repository.Read(Path.Combine("docs", "capacity.md")).Split('\n');

    [TestCase(20, "10–20", 2)]
    [TestCase(200, "100–200", 14)]
    [TestCase(2_000, "1,000–2,000", 52)]
    [TestCase(10_000, "10,000+", 226)]
    public void Bandwidth_and_cost_in_the_tables_of_the_capacity_page_equal_the_calculated_values(int talking, string name, int cores)
    {
        var packets = talking * PacketsPerSpeaker * (20 - 1);
        var terabytes = packets * BytesPerPacket * SecondsPerMonth * ShareOfMonth / 1e12;

        var size = Cells($"| {name} |");
        Assert.That(Value(size[2]), Is.EqualTo(packets));
        Assert.That(Value(size[3]), Is.EqualTo(packets * BytesPerPacket * 8 / 1e6).Within(1));
        Assert.That(Value(size[4]), Is.EqualTo(terabytes).Within(1).Percent);
        Assert.That(Value(size[8]), Is.EqualTo(cores));

        // Rounded to two digits, because the prices are no more precise.
        var cost = Cells($"| {talking.ToString("N0", CultureInfo.InvariantCulture)} |");
        Assert.That(Value(cost[1]), Is.EqualTo((cores * 8) + terabytes).Within(5).Percent);
        Assert.That(Value(cost[3]), Is.EqualTo((cores * 30) + (terabytes * 80)).Within(5).Percent);
    }

    private static string[] Cells(string start) =>
        [.. Lines.Single(line => line.StartsWith(start, StringComparison.Ordinal)).Trim('|').Split('|').Select(cell => cell.Trim())];

    private static double Value(string cell) =>
        double.Parse(cell, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
}
