using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Hype.Contracts.Tests.Deployment;

/// <summary>
/// Tests that dashboards and alerts use only metrics of docs/metrics.md, and that docs/operations.md lists all alerts. The tests in
/// Cluster.Tests/Monitoring run dashboards and alerts on a cluster.
/// </summary>
public sealed partial class MonitoringTests
{
    private static readonly string Metrics = Repository.Read(Path.Combine("docs", "metrics.md"));
    private static readonly string Rules = Repository.Read(Path.Combine("deploy", "prometheus", "hype.rules.yml"));
    private static readonly string Dashboards = Path.Combine(Repository.Root, "deploy", "grafana", "dashboards");

    public static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(Dashboards, "*.json").Select(path => Path.GetFileName(path)).Order();

    [TestCaseSource(nameof(Files))]
    public void Dashboard_uses_only_documented_metrics(string file)
    {
        var expressions = Panels(file).SelectMany(panel => panel["targets"]?.AsArray() ?? [])
            .Select(target => target!["expr"]!.GetValue<string>()).ToArray();
        Assert.That(expressions, Is.Not.Empty);
        Assert.That(expressions.SelectMany(Unknown), Is.Empty, "docs/metrics.md does not list these");
    }

    [Test]
    public void Alerts_use_only_documented_metrics() => Assert.That(Unknown(Rules), Is.Empty, "docs/metrics.md does not list these");

    [TestCaseSource(nameof(Files))]
    public void Panels_of_a_dashboard_have_distinct_ids_and_do_not_overlap(string file)
    {
        var panels = Panels(file);
        Assert.That(panels.Select(panel => panel["id"]!.GetValue<int>()), Is.Unique);
        var cells = panels.Select(panel => panel["gridPos"]!).SelectMany(place =>
            from x in Enumerable.Range(Number(place, "x"), Number(place, "w"))
            from y in Enumerable.Range(Number(place, "y"), Number(place, "h"))
            select (x, y)).ToArray();
        Assert.That(cells, Is.Unique);
        Assert.That(cells.Max(cell => cell.x), Is.LessThan(24), "Grafana's width");
        var source = SourceName()
            .Match(Repository.Read(Path.Combine("deploy", "grafana", "provisioning", "datasources", "prometheus.yml"))).Groups[1].Value;
        Assert.That(panels.Where(panel => panel["type"]!.GetValue<string>() != "row")
            .Select(panel => panel["datasource"]!["uid"]!.GetValue<string>()), Is.All.EqualTo(source));
    }

    [Test]
    public void Operations_page_lists_exactly_the_existing_alerts()
    {
        var page = Repository.Read(Path.Combine("docs", "operations.md"));
        var alerts = Alert().Matches(Rules).Select(match => match.Groups[1].Value).ToArray();
        Assert.That(alerts, Is.Not.Empty);
        Assert.That(AlertOnPage().Matches(page).Select(match => match.Groups[1].Value).Distinct(), Is.EquivalentTo(alerts));
    }

    private static int Number(JsonNode place, string field) => place[field]!.GetValue<int>();

    private static JsonNode[] Panels(string file) =>
        [.. JsonNode.Parse(File.ReadAllText(Path.Combine(Dashboards, file)))!["panels"]!.AsArray().Select(panel => panel!)];

    private static IEnumerable<string> Unknown(string text) =>
        Metric().Matches(text).Select(match => match.Value).Distinct()
            .Where(name => !Metrics.Contains($"`{name}`", StringComparison.Ordinal)
                && !Metrics.Contains($"`{HistogramPart().Replace(name, "")}`", StringComparison.Ordinal));

    [GeneratedRegex(@"\b(?:hype|orleans|dotnet|http|kestrel)_\w+")]
    private static partial Regex Metric();

    [GeneratedRegex("_(?:bucket|sum|count)$")]
    private static partial Regex HistogramPart();

    [GeneratedRegex(@"alert: (\w+)")]
    private static partial Regex Alert();

    [GeneratedRegex("`(Hype[A-Z][a-z]+[A-Za-z]*)`")]
    private static partial Regex AlertOnPage();

    [GeneratedRegex(@"uid: (\w+)")]
    private static partial Regex SourceName();
}
