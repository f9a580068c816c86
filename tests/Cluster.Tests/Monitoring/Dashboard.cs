using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hype.EndToEnd.Tests.Testing;

namespace Hype.Cluster.Tests.Monitoring;

/// <summary>Reads from the dashboards of deploy/grafana the queries that Grafana sends to Prometheus.</summary>
internal static partial class Dashboard
{
    private static readonly string Folder = Path.Combine(RepositoryPaths.Root, "deploy", "grafana", "dashboards");

    public static IEnumerable<string> All => Directory.EnumerateFiles(Folder, "*.json").Select(path => Path.GetFileName(path)).Order();

    /// <summary>
    /// Returns a dashboard's queries, each with its panel's title. Grafana's variables are replaced so that a query covers all processes.
    /// </summary>
    public static IReadOnlyList<(string Panel, string Expression)> Expressions(string file) =>
    [
        .. from panel in Read(file)["panels"]!.AsArray()
           from target in panel!["targets"]?.AsArray() ?? []
           select (panel["title"]!.GetValue<string>(), target!["expr"]!.GetValue<string>()
               .Replace("$__rate_interval", "5m", StringComparison.Ordinal)
               .Replace("$instance", ".*", StringComparison.Ordinal)),
    ];

    /// <summary>Returns the series selectors that a PromQL expression contains, such as <c>name{labels}</c>, each once.</summary>
    public static IEnumerable<string> Selectors(string expression) =>
        Selector().Matches(expression).Select(match => match.Value).Distinct();

    private static JsonNode Read(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file)))!;

    [GeneratedRegex(@"\b(?:(?:hype|orleans|dotnet|http|kestrel)_\w+|up)(?:\{[^}]*\})?(?![\w:(])")]
    private static partial Regex Selector();
}
