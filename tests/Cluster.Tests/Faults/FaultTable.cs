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
    private static readonly List<FaultDuration> Durations = [];

    public static void Add(FaultGoal goal, double figure) => Add(Rows, goal, figure);

    public static void Add(FaultDuration duration)
    {
        lock (Gate)
            Durations.Add(duration);
    }

    /// <summary>Writes the table and the durations, if at least one fault was measured.</summary>
    public static void Write()
    {
        if (Rows.Count > 0)
        {
            var text = $"{Text(Rows)}{Environment.NewLine}{DurationsText(Durations)}";
            File.WriteAllText(Path.Combine(RepositoryPaths.Artifacts("figures"), "faults.md"), text);
        }
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

    /// <summary>Returns the durations of the tests as Markdown, with their sum in the last row.</summary>
    internal static string DurationsText(IReadOnlyCollection<FaultDuration> durations)
    {
        var text = new StringBuilder();
        text.AppendLine("| test | start of its cluster | runs | median of a run | in total |");
        text.AppendLine("|---|---|---|---|---|");
        foreach (var (test, startUp, runs) in durations)
        {
            var median = runs.Count > 0 ? Median([.. runs.Select(run => run.TotalSeconds)]) : 0;
            var total = startUp.TotalSeconds + runs.Sum(run => run.TotalSeconds);
            text.AppendLine(
                CultureInfo.InvariantCulture, $"| {test} | {startUp.TotalSeconds:0} s | {runs.Count} | {median:0} s | {total:0} s |");
        }

        var sum = durations.Sum(duration => duration.StartUp.TotalMinutes + duration.Runs.Sum(run => run.TotalMinutes));
        return text.AppendLine(CultureInfo.InvariantCulture, $"| all | | | | {sum:0.0} min |").ToString();
    }

    /// <summary>Returns a sentence for each goal whose figures have a median above the goal's limit.</summary>
    internal static IReadOnlyList<string> MissedMedians(IEnumerable<(FaultGoal Goal, List<double> Figures)> rows) =>
    [
        .. rows.Where(row => row.Goal.Median is { } limit && Median(row.Figures) > limit)
            .Select(row => string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Goal.Fault}: {row.Goal.Figure}: median {Median(row.Figures)}, limit {row.Goal.Median} {row.Goal.Unit}").TrimEnd()),
    ];

    /// <summary>Adds a figure to the row of its goal. Tests measure several figures at the same time.</summary>
    internal static void Add(List<(FaultGoal Goal, List<double> Figures)> rows, FaultGoal goal, double figure)
    {
        lock (Gate)
        {
            var row = rows.Find(row => row.Goal == goal);
            if (row.Figures is null)
                rows.Add(row = (goal, []));
            row.Figures.Add(figure);
        }
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
