using System.Text.RegularExpressions;

namespace Hype.Contracts.Tests.Metrics;

/// <summary>The parsed answer to one request for <c>/metrics</c>.</summary>
internal sealed partial class Scrape
{
    private Scrape(string text)
    {
        var kinds = new Dictionary<string, string>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal) && line.Split(' ') is [_, _, var metric, var kind])
                kinds[metric] = kind;
            if (line.StartsWith('#'))
                continue;
            var sample = Sample().Match(line);
            var name = sample.Groups["name"].Value;
            var whole = Part().Replace(name, "");
            if (kinds.GetValueOrDefault(whole) == "histogram")
                name = whole;
            var labels = Label().Matches(sample.Groups["labels"].Value).Select(label => label.Groups["name"].Value)
                .Where(label => label != "le").Order(StringComparer.Ordinal);
            Series.Add(line[..line.LastIndexOf(' ')]);
            Metrics.Add($"{name} {kinds.GetValueOrDefault(name, "gauge")}{string.Concat(labels.Select(label => $" {label}"))}");
        }
    }

    /// <summary>The series: name and labels, with the values of the labels.</summary>
    public HashSet<string> Series { get; } = [];

    /// <summary>The metrics: name, kind and names of the labels.</summary>
    public SortedSet<string> Metrics { get; } = new(StringComparer.Ordinal);

    public static async Task<Scrape> OfAsync(Uri address)
    {
        using var http = new HttpClient { BaseAddress = address };
        return new Scrape(await http.GetStringAsync("/metrics"));
    }

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][\w:]*)(\{(?<labels>.*)\})? ")]
    private static partial Regex Sample();

    [GeneratedRegex(@"(?<name>[a-zA-Z_]\w*)=""(\\.|[^""\\])*""")]
    private static partial Regex Label();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Part();
}
