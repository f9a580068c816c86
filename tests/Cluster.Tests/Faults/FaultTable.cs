using System.Globalization;
using System.Text;
using Hype.EndToEnd.Tests.Testing;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Collects the figures of all faults of a run, and writes them next to their goals as a table: <c>artifacts/figures/faults.md</c>.
/// </summary>
internal static class FaultTable
{
    private static readonly Lock Gate = new();
    private static readonly List<(FaultGoal Goal, List<double> Figures)> Rows = [];

    public static void Add(FaultGoal goal, double figure)
    {
        lock (Gate)
        {
            var row = Rows.Find(row => row.Goal == goal);
            if (row.Figures is null)
                Rows.Add(row = (goal, []));
            row.Figures.Add(figure);
        }
    }

    /// <summary>Writes the table, if at least one fault was measured.</summary>
    public static void Write()
    {
        if (Rows.Count > 0)
            File.WriteAllText(Path.Combine(RepositoryPaths.Artifacts("figures"), "faults.md"), Text(Rows));
    }

    /// <summary>
    /// Returns the table as Markdown: its rows are grouped by fault, and the faults are in the order of their first measurement.
    /// </summary>
    internal static string Text(IEnumerable<(FaultGoal Goal, List<double> Figures)> rows)
    {
        var text = new StringBuilder();
        text.AppendLine("| fault | figure | runs | median | worst | goal (median / worst) |");
        text.AppendLine("|---|---|---|---|---|---|");
        foreach (var (goal, figures) in rows.GroupBy(row => row.Goal.Fault).SelectMany(group => group))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {goal.Fault} | {goal.Figure} | {figures.Count} ");
            text.Append(CultureInfo.InvariantCulture, $"| {Number(Median(figures))} {goal.Unit} | {Number(figures.Max())} {goal.Unit} ");
            text.AppendLine(CultureInfo.InvariantCulture, $"| {Goal(goal)} |");
        }

        return text.ToString();
    }

    internal static double Median(IReadOnlyCollection<double> figures)
    {
        var sorted = figures.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static string Goal(FaultGoal goal) => (goal.Median, goal.Worst) switch
    {
        (null, null) => "–",
        (var median, var worst) =>
            $"{AtMost(median)} / {AtMost(worst)} {goal.Unit}".TrimEnd(),
    };

    private static string AtMost(double? figure) => figure is { } known ? $"≤ {Number(known)}" : "–";

    private static string Number(double figure) =>
        figure.ToString(figure is > -10 and < 10 && figure % 1 != 0 ? "0.0" : "#,0", CultureInfo.InvariantCulture);
}
